#include "generator/plan/plan.h"

namespace twowayc {

void plan(Resolution& resolution, const syntax::MappingFile& file, DiagnosticSink& sink) {
  plan_entity_order(resolution, file, sink);
  plan_column_order(resolution, sink);
}

}  // namespace twowayc
