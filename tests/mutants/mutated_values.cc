#include "tests/mutants/mutated_values.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "generator/resolve/lens_table.h"

namespace twowayc::test {
namespace {

using Words = std::vector<std::string>;

/// Values of which there are few: any of them may have been meant.
const std::map<std::string, Words>& closed_sets() {
  static const std::map<std::string, Words> sets = {
      {"on_delete", {"cascade", "clear", "restrict"}},
      {"empty", {"null", "value"}},
      {"json_null", {"sql", "json"}},
      {"nul", {"residue", "reject"}},
      {"only", {"sqlite", "postgresql"}},
      {"fidelity", {"iso", "residue"}},
      {"prefer", {"relation", "array"}},
  };
  return sets;
}
const Words sql_types = {"text", "varchar", "varchar(5)", "bigint", "integer", "boolean",
                         "json", "date",    "datetime",   "real",   "numeric", "blob"};

Words lens_names(const MappingModel& model) {
  Words names;
  for (const Lens& lens : built_in_lenses()) names.push_back(lens.name);
  for (const Lens& lens : model.lenses) {
    if (!lens.built_in) names.push_back(lens.name);
  }
  return names;
}

/// The one before and the one behind in a list; all of them would be too many.
Words neighbours(const Words& all, const std::string& value) {
  const auto at = std::find(all.begin(), all.end(), value);
  if (at == all.end()) return {};
  Words found;
  if (at != all.begin()) found.push_back(*(at - 1));
  if (at + 1 != all.end()) found.push_back(*(at + 1));
  return found;
}

Words entity_names(const MappingModel& model) {
  Words names;
  for (const Entity& entity : model.entities) names.push_back(entity.name);
  return names;
}

Words table_names(const MappingModel& model) {
  Words names;
  for (const SqlTable& table : model.schema.tables) names.push_back(table.name);
  return names;
}

/// The columns of the table, and the fields of the entity, that the file or the keys name.
Words names_around(const Place& place, const MappingModel& model) {
  Words names;
  const std::string entity_name = place.in_entity() ? std::filesystem::path(place.file).stem().string() : "";
  for (const Entity& entity : model.entities) {
    if (entity.name != entity_name) continue;
    for (const EntityColumn& column : entity.columns) names.push_back(column.qualified);
    for (const MappedField& field : entity.fields) {
      if (std::find(names.begin(), names.end(), field.to) == names.end()) names.push_back(field.to);
    }
  }
  for (const SqlTable& table : model.schema.tables) {
    if (!place.in_sql() || place.keys.size() < 2 || table.name != place.keys[1]) continue;
    for (const SqlColumn& column : table.columns) names.push_back(column.name);
  }
  return names;
}

std::string replaced(std::string text, const std::string& old, const std::string& present) {
  const std::size_t at = text.find(old);
  return at == std::string::npos ? text : text.replace(at, old.size(), present);
}

Words other_rules(const std::string& rule) {
  return {"", replaced(rule, "@request.auth.id != \"\" && ", ""), replaced(rule, " = ", " != "),
          replaced(rule, " && ", " || ")};
}

Words other_templates(const std::string& text) {
  const std::size_t end = text.find('}');
  return {replaced(text, "}-{", "}:{"), replaced(text, "}:{", "}-{"), text.substr(std::min(end + 1, text.size())),
          "x" + text};
}

Words other_texts(const std::string& key, const std::string& text) {
  if (key == "default") return {"created", "0", text + "x"};
  if (key == "max_size") return {"1KiB"};
  if (key == "record_id" || text == "record_id") return {"field"};
  if (text == "field") return {"record_id"};
  return {text + "x"};
}

Words entity_words(const Place& place, const std::string& text, const MappingModel& model) {
  const std::string& key = place.key();
  if (place.below("rules") || key == "auth_rule") return other_rules(text);
  if (key == "lens") return lens_names(model);
  if (key == "template") return other_templates(text);
  if (key == "of" && !neighbours(entity_names(model), text).empty()) return neighbours(entity_names(model), text);
  if (key == "sql") return neighbours(table_names(model), text);
  if (key == "type") return {"bool", "text", "number", "json", "token", "auth", "base"};
  if (key != "to" && key != "default" && !place.below("only_in_pocketbase")) {
    const Words around = neighbours(names_around(place, model), text);
    if (!around.empty()) return around;
  }
  return other_texts(key, text);
}

Words sql_words(const Place& place, const std::string& text, const MappingModel& model) {
  const std::string& key = place.key();
  if (key == "type") return sql_types;
  if (key == "holds") return lens_names(model);
  if (key == "to" || key == "refers_to" || place.below("refers_to")) return neighbours(table_names(model), text);
  if (key == "on_delete") return {"cascade", "set null"};
  if (key == "null") return {"true", "false", "never"};
  if (key == "where" || key == "sql") return {"NOT (" + text + ")"};
  if (place.keys.size() > 1 && place.keys[0] == "tables" && key != "name" && key != "default") {
    const Words around = neighbours(names_around(place, model), text);
    if (!around.empty()) return around;
  }
  if (key == "default") return {"0", "'x'", "NULL"};
  return {text + "x"};
}

Words mapping_words(const Place& place, const std::string& text) {
  const std::string& key = place.key();
  if (place.below("lenses") && key == "sql") return sql_types;
  if (place.below("lenses") && key == "pocketbase") return {"text", "number", "bool", "date", "json"};
  return {text + "x"};
}

bool is_plain(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '_' || c == '.' || c == '/' || c == '(' || c == ')';
  });
}

}  // namespace

bool Place::below(const std::string& key) const { return std::find(keys.begin(), keys.end(), key) != keys.end(); }

const std::string& Place::key() const {
  static const std::string none;
  const auto at = std::find_if(keys.rbegin(), keys.rend(), [](const std::string& key) { return key[0] != '['; });
  return at == keys.rend() ? none : *at;
}

std::string Place::text() const {
  std::string text;
  for (const std::string& key : keys) text += (text.empty() || key[0] == '[' ? "" : ".") + key;
  return text;
}

std::vector<Node> other_values(const Place& place, const Node& value, const MappingModel& model) {
  Words words;
  const auto set = closed_sets().find(place.key());
  if (set != closed_sets().end() && !(place.in_sql() && place.key() == "on_delete"))
    words = set->second;
  else if (value.text == "true" || value.text == "false")
    words = {"true", "false"};
  else if (place.in_entity())
    words = entity_words(place, value.text, model);
  else
    words = place.in_sql() ? sql_words(place, value.text, model) : mapping_words(place, value.text);
  if (place.in_sql() && place.key() == "null") words = {"true", "false", "never"};
  std::vector<Node> values;
  for (const std::string& word : words) {
    const bool is_new = std::none_of(values.begin(), values.end(), [&](const Node& n) { return n.text == word; });
    if (word == value.text || !is_new) continue;
    Node other = value;
    other.kind = Node::Kind::scalar;
    other.text = word;
    other.quoted = value.quoted || !is_plain(word);
    values.push_back(std::move(other));
  }
  return values;
}

}  // namespace twowayc::test
