#include "generator/check/check.h"

namespace twowayc {

void check(const Resolution& resolution, const syntax::MappingFile& file, DiagnosticSink& sink) {
  check_coverage(resolution, file, sink);
  check_keys(resolution, sink);
  check_fields(resolution, sink);
  check_facts(resolution, sink);
  check_references(resolution, sink);
  check_parts(resolution, sink);
  check_routes(resolution, sink);
  check_auth(resolution, sink);
  check_names(resolution, file, sink);
}

}  // namespace twowayc
