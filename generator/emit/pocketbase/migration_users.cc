// PocketBase brings a collection of users along. A mapping may take it over, and gives it back on the way down.
#include <algorithm>
#include <optional>

#include "generator/emit/pocketbase/collections.h"
#include "generator/emit/pocketbase/default_users.h"
#include "generator/emit/pocketbase/migration_parts.h"
#include "generator/emit/text/literal.h"

namespace twowayc {
namespace {

const Entity* taken_over_users(const MappingModel& model) {
  const auto is_users = [](const Entity& entity) { return entity.collection_id == default_users_id; };
  const auto found = std::find_if(model.entities.begin(), model.entities.end(), is_users);
  return found == model.entities.end() ? nullptr : &*found;
}

/// Whether the field is one that PocketBase has in its own users.
bool is_default(const CollectionField& field) {
  for (const std::string_view system : {"text:id", "password:password", "text:tokenKey", "email:email",
                                        "bool:emailVisibility", "bool:verified"}) {
    const std::size_t colon = system.find(':');
    if (field.id == field_id(system.substr(0, colon), system.substr(colon + 1))) return true;
  }
  return std::any_of(default_users_fields.begin(), default_users_fields.end(),
                     [&](const DefaultField& other) { return field.id == field_id(other.type, other.name); });
}

constexpr std::string_view open_users = R"js(  users.listRule = users.viewRule = users.createRule = null;
  users.updateRule = users.deleteRule = null;
  users.authRule = "";
  users.passwordAuth.identityFields = ["email"];
)js";

}  // namespace

void add_users_up(const MappingModel& model, Lines& out) {
  const Entity* users = taken_over_users(model);
  if (users == nullptr) return;
  std::vector<std::string> replaced;
  for (const CollectionField& field : collection_fields(model, *users)) {
    for (const DefaultField& other : default_users_fields) {
      if (field.name == other.name && field.id != field_id(other.type, other.name)) replaced.push_back(field.name);
    }
  }
  if (replaced.empty()) return;
  out.add("  const users = app.findCollectionByNameOrId({});", json_text(default_users_id));
  out.add("  for (const name of {}) users.fields.removeByName(name);", javascript_list(replaced));
  out.add("  app.save(users);");
}

void add_users_down(const MappingModel& model, Lines& out) {
  const Entity* users = taken_over_users(model);
  if (users == nullptr) return;
  std::vector<std::string> fields;
  for (const CollectionField& field : collection_fields(model, *users)) {
    if (!is_default(field)) fields.push_back(field.name);
  }
  out.add("  // Users as PocketBase makes them; the records stay. An import keeps fields that it does not name, so");
  out.add("  // they go before it, and before them all that needs them.");
  out.add("  const users = app.findCollectionByNameOrId({});", json_text(default_users_id));
  out.raw(open_users);
  out.add("  for (const name of {}) users.removeIndex(name);", javascript_list(index_names(*users, fields)));
  out.add("  for (const name of {}) users.fields.removeByName(name);", javascript_list(fields));
  out.add("  app.save(users);");
  out.add("  app.importCollections([").raw(default_users_object()).blank().add("  ], false);");
}

}  // namespace twowayc
