#include "generator/emit/pocketbase/collections.h"
#include "generator/emit/pocketbase/migration_parts.h"
#include "generator/emit/text/literal.h"

namespace twowayc {
namespace {

std::vector<std::string> relation_fields(const Entity& entity) {
  std::vector<std::string> names;
  for (const MappedField& field : entity.fields) {
    if (field.target) names.push_back(field.to);
  }
  for (const Mirror& mirror : entity.mirrors) names.push_back(mirror.field);
  return names;
}

constexpr std::string_view drop_relations = R"js(  for (const id in relations) {
    const collection = app.findCollectionByNameOrId(id);
    collection.listRule = collection.viewRule = collection.createRule = null;
    collection.updateRule = collection.deleteRule = null;
    for (const name of relations[id].indexes) collection.removeIndex(name);
    for (const name of relations[id].fields) collection.fields.removeByName(name);
    app.save(collection);
  }
  for (const id in relations) app.delete(app.findCollectionByNameOrId(id));
)js";

}  // namespace

void add_collections_down(const MappingModel& model, Lines& out) {
  out.add("  // A collection that another one refers to cannot be deleted, so the relations go first.");
  out.add("  const relations = {{");
  for (std::size_t i = model.order.size(); i-- > 0;) {
    const Entity& entity = model.entities.at(model.order[i]);
    if (entity.collection_id == default_users_id) continue;
    const std::vector<std::string> fields = relation_fields(entity);
    out.add("    {}: {{ fields: {}, indexes: {} }},", json_text(entity.collection_id), javascript_list(fields),
            javascript_list(index_names(entity, fields)));
  }
  out.add("    {}: {{ fields: [], indexes: [] }},", json_text(attic_id)).add("  }};");
  out.raw(drop_relations);
}

}  // namespace twowayc
