#include "generator/emit/documentation/documentation.h"

#include "generator/emit/documentation/pages.h"

namespace twowayc {

void emit_documentation(const MappingModel& model, FileTree& tree) {
  tree["docs/README.md"] = overview_page(model);
  tree["runbook-to-pocketbase.md"] = runbook_page(model, true);
  tree["runbook-to-sql.md"] = runbook_page(model, false);
  for (const Entity& entity : model.entities) tree["docs/" + entity.name + ".md"] = entity_page(model, entity);
}

}  // namespace twowayc
