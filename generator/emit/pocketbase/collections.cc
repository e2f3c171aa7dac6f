#include "generator/emit/pocketbase/collections.h"

#include <optional>

#include <fmt/format.h>

#include "generator/emit/text/json_object.h"
#include "generator/emit/text/lines.h"
#include "generator/emit/text/literal.h"

namespace twowayc {
namespace {

std::string rule(const std::optional<std::string>& rule) { return rule ? json_text(*rule) : "null"; }

void add_list(std::string_view name, const std::vector<std::string>& items, std::string_view end, Lines& out) {
  out.add("    {}: [", json_text(name));
  for (const std::string& item : items) out.add("      {}{}", item, &item == &items.back() ? "" : ",");
  out.add("    ]{}", end);
}

void add_rules(const Rules& rules, Lines& out) {
  out.add("    \"listRule\": {},", rule(rules.list)).add("    \"viewRule\": {},", rule(rules.view));
  out.add("    \"createRule\": {},", rule(rules.create)).add("    \"updateRule\": {},", rule(rules.update));
  out.add("    \"deleteRule\": {},", rule(rules.remove));
}

/// Sign-in by password only: what came from SQL has no second factor, no codes by e-mail, no providers here.
void add_auth_options(const Entity& entity, Lines& out) {
  std::vector<std::string> identity;
  for (const std::string& field : entity.identity) identity.push_back(json_text(field));
  if (identity.empty()) identity.push_back(json_text("email"));
  out.add("    \"authRule\": {},", json_text(entity.auth_rule)).add("    \"manageRule\": null,");
  out.add("    \"passwordAuth\": {{ \"enabled\": true, \"identityFields\": [{}] }},", joined(identity, ", "));
  out.add("    \"authAlert\": {{ \"enabled\": false }},").add("    \"oauth2\": {{ \"enabled\": false }},");
  out.add("    \"otp\": {{ \"enabled\": false }},").add("    \"mfa\": {{ \"enabled\": false }},");
}

void add_start(std::string_view id, std::string_view name, bool auth, Lines& out) {
  out.add("  {{").add("    \"id\": {},", json_text(id)).add("    \"name\": {},", json_text(name));
  out.add("    \"type\": \"{}\",", auth ? "auth" : "base");
}

std::string entity_collection(const MappingModel& model, const Entity& entity) {
  Lines out;
  add_start(entity.collection_id, entity.collection, entity.auth, out);
  add_rules(entity.rules, out);
  if (entity.auth) add_auth_options(entity, out);
  std::vector<std::string> fields;
  for (CollectionField& field : collection_fields(model, entity)) fields.push_back(std::move(field.object));
  add_list("fields", fields, ",", out);
  std::vector<std::string> indexes;
  for (const std::string& index : collection_indexes(entity)) indexes.push_back(json_text(index));
  add_list("indexes", indexes, "", out);
  out.raw("  }");
  return out.take();
}

std::string attic_collection() {
  const auto text = [](std::string_view name) {
    return JsonObject().text("id", field_id("text", name)).text("name", name).text("type", "text")
        .number("max", 9007199254740991).str();
  };
  JsonObject id;
  id.text("id", field_id("text", "id")).text("name", "id").text("type", "text").boolean("system", true);
  id.boolean("required", true).boolean("primaryKey", true).text("pattern", "^[a-z0-9]+$").number("min", 1);
  id.number("max", 255).text("autogeneratePattern", "[a-z0-9]{15}");
  JsonObject row;
  row.text("id", field_id("json", "row")).text("name", "row").text("type", "json");
  row.number("maxSize", 1ULL << 30U).boolean("hidden", true);
  Lines out;
  add_start(attic_id, attic_name, false, out);
  add_rules({}, out);
  add_list("fields", {id.str(), text("table"), text("kind"), text("name"), row.str()}, ",", out);
  out.add("    \"indexes\": []").raw("  }");
  return out.take();
}

}  // namespace

std::vector<std::string> collection_objects(const MappingModel& model) {
  std::vector<std::string> out;
  for (const std::size_t index : model.order) out.push_back(entity_collection(model, model.entities.at(index)));
  out.push_back(attic_collection());
  return out;
}

}  // namespace twowayc
