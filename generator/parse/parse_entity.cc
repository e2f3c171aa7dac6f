#include <fmt/format.h>

#include <algorithm>

#include "generator/parse/map_reader.h"
#include "generator/parse/parse.h"
#include "generator/parse/parse_field.h"
#include "generator/parse/parse_route.h"

namespace twowayc {
namespace {

syntax::Join parse_join(const Node::Entry& entry, DiagnosticSink& sink) {
  syntax::Join join;
  join.table = {entry.key, entry.key_position};
  MapReader reader(entry.value, "a join", sink);
  reader.require("on");
  std::size_t pairs = 0;
  reader.entries("on", [&](const Node::Entry& pair) {
    ++pairs;
    join.column = {pair.key, pair.key_position};
    if (const auto base = read_text(pair.value, sink)) join.base_column = *base;
  });
  const Node* on = reader.find("on");
  if (on != nullptr && on->kind == Node::Kind::map && pairs != 1) {
    sink.error(DiagnosticId::option_value, on->position, "'on' takes one pair: { joined column: own column }");
  }
  reader.finish();
  return join;
}

syntax::Collection parse_collection(const Node& node, DiagnosticSink& sink) {
  syntax::Collection collection;
  collection.position = node.position;
  MapReader reader(node, "'collection'", sink);
  reader.require("type");
  reader.word<bool>("type", {{"auth", true}});
  collection.identity = reader.texts("identity");
  collection.auth_rule = reader.plain_text("auth_rule");
  reader.finish();
  return collection;
}

syntax::People parse_people(const Node& node, Position position, DiagnosticSink& sink) {
  syntax::People people;
  people.position = position;
  MapReader reader(node, "'people'", sink);
  people.name = reader.text("name");
  people.address = reader.required_text("address");
  people.password = reader.required_text("password");
  reader.items("hashes", [&](const Node& item) {
    const auto word = read_word<std::string_view>(item, "hashes", {{"bcrypt", "bcrypt"}, {"argon2", "argon2"}}, sink);
    if (word) people.hashes.push_back({std::string(word->value), word->position});
  });
  const Node* const hashes = reader.find("hashes");
  const auto is_bcrypt = [](const syntax::Text& hash) { return hash.value == "bcrypt"; };
  if (hashes != nullptr && std::none_of(people.hashes.begin(), people.hashes.end(), is_bcrypt)) {
    sink.error(DiagnosticId::option_value, hashes->position,
               "'hashes' lacks bcrypt: PocketBase makes no others, so the application has to verify these");
  }
  if (const Node* identities = reader.find("identities")) {
    MapReader parts(*identities, "'identities'", sink);
    people.identities = parts.required_text("column");
    people.member = parts.required_text("member");
    people.except = parts.texts("except");
    parts.finish();
  }
  people.sessions = reader.text("sessions");
  reader.finish();
  return people;
}

syntax::Mirror parse_mirror(const Node::Entry& entry, DiagnosticSink& sink) {
  syntax::Mirror mirror;
  mirror.field = {entry.key, entry.key_position};
  MapReader reader(entry.value, "a mirror", sink);
  mirror.column = reader.required_text("column");
  mirror.path = reader.required_text("path");
  mirror.of = reader.required_text("of");
  if (const Node* key = reader.require("key")) {
    mirror.key = read_texts(*key, sink);
    mirror.key_position = key->position;
  }
  reader.require("prefer");
  reader.word<bool>("prefer", {{"relation", true}});
  reader.finish();
  return mirror;
}

syntax::Derived parse_derived(const Node::Entry& entry, DiagnosticSink& sink) {
  syntax::Derived derived;
  derived.field = {entry.key, entry.key_position};
  MapReader reader(entry.value, "a derived field", sink);
  derived.text_template = reader.required_text("template");
  if (const auto unique = reader.flag("unique")) derived.unique = unique->value;
  reader.finish();
  return derived;
}

syntax::PocketBaseOnly parse_only(const Node::Entry& entry, DiagnosticSink& sink) {
  syntax::PocketBaseOnly only;
  only.field = {entry.key, entry.key_position};
  MapReader reader(entry.value, "a field that only PocketBase has", sink);
  reader.require("type");
  const auto type = reader.word<PocketBaseType>(
      "type", {{"bool", PocketBaseType::boolean}, {"text", PocketBaseType::text}, {"number", PocketBaseType::number},
               {"date", PocketBaseType::date}, {"json", PocketBaseType::json}, {"token", PocketBaseType::token}});
  if (type) only.type = *type;
  only.value = reader.scalar("value");
  if (const Node* purge = reader.find("purge")) only.purge = parse_reason(*purge, sink);
  reader.finish();
  return only;
}

syntax::FileField parse_file(const Node::Entry& entry, DiagnosticSink& sink) {
  syntax::FileField file;
  file.field = {entry.key, entry.key_position};
  MapReader reader(entry.value, "a file", sink);
  file.path = reader.required_text("path");
  file.name = reader.required_text("name");
  file.stored = reader.required_text("stored");
  file.sha256 = reader.text("sha256");
  file.size = reader.text("size");
  file.content_type = reader.text("content_type");
  if (const Node* size = reader.find("max_size")) file.max_size = parse_size(*size, sink);
  reader.finish();
  return file;
}

syntax::PocketBaseIndex parse_index(const Node& node, DiagnosticSink& sink) {
  syntax::PocketBaseIndex index;
  index.position = node.position;
  MapReader reader(node, "an index", sink);
  if (const Node* on = reader.require("on")) index.fields = read_texts(*on, sink);
  if (const auto unique = reader.flag("unique")) index.unique = unique->value;
  reader.finish();
  return index;
}

Rules parse_rules(const Node& node, DiagnosticSink& sink) {
  MapReader reader(node, "'rules'", sink);
  const auto read_rule = [&](std::string_view key, std::optional<std::string>& rule, Position& position) {
    const auto text = reader.text(key);
    if (!text) return;
    rule = text->value;
    position = text->position;
  };
  Rules rules;
  read_rule("list", rules.list, rules.list_position);
  read_rule("view", rules.view, rules.view_position);
  read_rule("create", rules.create, rules.create_position);
  read_rule("update", rules.update, rules.update_position);
  read_rule("delete", rules.remove, rules.remove_position);
  reader.finish();
  return rules;
}

/// The order of the keys in the file has no meaning: parts go by name.
template <class Part, class Name>
void sort_by(std::vector<Part>& parts, Name name) {
  std::sort(parts.begin(), parts.end(), [&](const Part& a, const Part& b) { return name(a) < name(b); });
}

void sort_parts(syntax::EntityFile& file) {
  const auto field = [](const auto& part) { return part.field.value; };
  sort_by(file.mirrors, field);
  sort_by(file.derived, field);
  sort_by(file.only_in_pocketbase, field);
  sort_by(file.files, field);
  sort_by(file.routes, [](const syntax::Route& route) { return route.path.value; });
  sort_by(file.joins, [](const syntax::Join& join) { return join.table.value; });
  sort_by(file.key, [](const syntax::KeyColumn& key) { return key.column.value; });
  sort_by(file.fields, [](const syntax::Field& part) { return part.column.value; });
}

void parse_parts(MapReader& reader, syntax::EntityFile& file, DiagnosticSink& sink) {
  reader.entries("join", [&](const Node::Entry& entry) { file.joins.push_back(parse_join(entry, sink)); });
  if (const Node* collection = reader.find("collection")) file.collection = parse_collection(*collection, sink);
  if (const Node* people = reader.find("people")) {
    file.people = parse_people(*people, reader.key_position("people"), sink);
  }
  reader.require("key");
  reader.entries("key", [&](const Node::Entry& entry) {
    const auto how = read_word<bool>(entry.value, "key", {{"record_id", true}, {"field", false}}, sink);
    file.key.push_back({{entry.key, entry.key_position}, how && how->value});
  });
  reader.require("fields");
  reader.entries("fields", [&](const Node::Entry& entry) { file.fields.push_back(parse_field(entry, sink)); });
  reader.entries("mirrors", [&](const Node::Entry& entry) { file.mirrors.push_back(parse_mirror(entry, sink)); });
  reader.entries("derived", [&](const Node::Entry& entry) { file.derived.push_back(parse_derived(entry, sink)); });
  reader.entries("only_in_pocketbase",
                 [&](const Node::Entry& entry) { file.only_in_pocketbase.push_back(parse_only(entry, sink)); });
  reader.entries("files", [&](const Node::Entry& entry) { file.files.push_back(parse_file(entry, sink)); });
  reader.items("indexes", [&](const Node& item) { file.indexes.push_back(parse_index(item, sink)); });
  reader.entries("routes", [&](const Node::Entry& entry) { file.routes.push_back(parse_route(entry, sink)); });
  if (const Node* rules = reader.find("rules")) file.rules = parse_rules(*rules, sink);
}

}  // namespace

syntax::EntityFile parse_entity_file(const Node& root, DiagnosticSink& sink) {
  syntax::EntityFile file;
  MapReader reader(root, "an entity", sink);
  file.name = reader.required_text("entity");
  file.description = reader.plain_text("description");
  file.table = reader.required_text("sql");
  file.collection_name = reader.required_text("pocketbase");
  parse_parts(reader, file, sink);
  file.key_position = reader.key_position("key");
  file.fields_position = reader.key_position("fields");
  reader.finish();
  sort_parts(file);
  return file;
}

}  // namespace twowayc
