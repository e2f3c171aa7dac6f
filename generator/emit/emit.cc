#include "generator/emit/emit.h"

#include "generator/emit/cpp/emit_cpp.h"
#include "generator/emit/documentation/documentation.h"
#include "generator/emit/output/manifest.h"
#include "generator/emit/pocketbase/hooks.h"
#include "generator/emit/pocketbase/migration.h"

namespace twowayc {

FileTree emit(const MappingModel& model) {
  FileTree tree;
  const auto migrations = pocketbase_migrations(model);
  for (const auto& [name, content] : migrations) tree["pb_migrations/" + name] = content;
  const auto hooks = pocketbase_hooks(model);
  for (const auto& [name, content] : hooks) tree["pb_hooks/" + name] = content;
  emit_cpp(model, migrations, hooks, tree);
  emit_documentation(model, tree);
  std::string manifest = manifest_of(model, tree);
  tree[std::string(manifest_name)] = std::move(manifest);
  return tree;
}

}  // namespace twowayc
