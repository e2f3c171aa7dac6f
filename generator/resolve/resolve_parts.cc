#include <fmt/format.h>

#include <algorithm>

#include "generator/resolve/entity_resolver.h"
#include "generator/resolve/template_text.h"

namespace twowayc {
namespace {

constexpr std::string_view item_key_part = "[]";

Default value_of(const syntax::Scalar& scalar, PocketBaseType type) {
  if (scalar.null) return {Default::Kind::null, ""};
  if (type == PocketBaseType::boolean) return {Default::Kind::integer, scalar.text == "true" ? "1" : "0"};
  if (type == PocketBaseType::number) {
    const bool whole = scalar.text.find_first_of(".eE") == std::string::npos;
    return {whole ? Default::Kind::integer : Default::Kind::real, scalar.text};
  }
  return {Default::Kind::text, scalar.text};
}

}  // namespace

std::vector<std::string> pocketbase_fields(const Entity& entity) {
  std::vector<std::string> names;
  for (const MappedField& field : entity.fields) {
    if (!field.to.empty()) names.push_back(field.to);
    if (!field.login.empty()) names.push_back(field.login);
  }
  for (const Mirror& mirror : entity.mirrors) names.push_back(mirror.field);
  for (const Derived& derived : entity.derived) names.push_back(derived.field);
  for (const PocketBaseOnly& only : entity.only_in_pocketbase) names.push_back(only.field);
  std::sort(names.begin(), names.end());
  return names;
}

void EntityResolver::check_field_name(const syntax::Text& name, bool system_too) {
  std::vector<std::string> names = pocketbase_fields(entity_);
  if (system_too) names.insert(names.end(), {"id", "created"});
  if (std::find(names.begin(), names.end(), name.value) != names.end()) return;
  if (source_.fields.size() + source_.purged.size() < file_.fields.size()) {
    // A field that could not be bound may be the one: it was reported.
    for (const syntax::Field& field : file_.fields) {
      if (field.to ? field.to->value == name.value : field.column.value.ends_with(name.value)) return;
    }
  }
  context_.sink.error(DiagnosticId::field_unknown, name.position,
                      fmt::format("collection '{}' has no field '{}'", entity_.collection, name.value))
      .with_suggestion(name.value, names);
}

void EntityResolver::resolve_mirrors() {
  for (const syntax::Mirror& mirror : file_.mirrors) {
    Mirror result;
    result.field = mirror.field.value;
    result.path = mirror.path.value;
    result.position = mirror.field.position;
    const auto column = find_member(mirror.column);
    const auto target = find_entity(mirror.of);
    bool complete = column && target;
    for (std::size_t i = 0; i < mirror.key.size(); ++i) {
      if (i == 0 && mirror.key[i].value == item_key_part) continue;
      if (mirror.key[i].value == item_key_part) continue;   // out of place: reported by the check
      const auto part = find_member(mirror.key[i]);
      if (part) result.with.push_back(*part);
      else complete = false;
    }
    if (!complete) continue;
    result.column = *column;
    result.target = *target;
    entity_.mirrors.push_back(std::move(result));
    source_.mirrors.push_back(&mirror);
  }
}

void EntityResolver::resolve_derived() {
  for (const syntax::Derived& derived : file_.derived) {
    const auto pieces = parse_template(derived.text_template, context_.sources, context_.sink);
    if (!pieces) continue;
    Derived result;
    result.field = derived.field.value;
    result.unique = derived.unique;
    result.position = derived.field.position;
    for (const TemplatePiece& piece : *pieces) {
      if (piece.is_name) check_field_name({piece.text, piece.position}, false);
      result.pieces.push_back(piece.is_name ? Derived::Piece{"", piece.text} : Derived::Piece{piece.text, ""});
    }
    entity_.derived.push_back(std::move(result));
    source_.derived.push_back(&derived);
  }
}

void EntityResolver::resolve_only() {
  for (const syntax::PocketBaseOnly& only : file_.only_in_pocketbase) {
    PocketBaseOnly result;
    result.field = only.field.value;
    result.type = only.type.value;
    if (only.value) result.value = value_of(*only.value, only.type.value);
    if (only.purge) result.purge = only.purge->value;
    result.position = only.field.position;
    entity_.only_in_pocketbase.push_back(std::move(result));
    source_.only_in_pocketbase.push_back(&only);
  }
}

/// A column that could not be bound was reported; then nothing is known of the people.
void EntityResolver::resolve_people() {
  if (!file_.people) return;
  const syntax::People& people = *file_.people;
  People result;
  result.position = people.position;
  bool complete = true;
  const auto bind = [&](const syntax::Text& name) {
    const std::optional<std::size_t> column = name.value.empty() ? std::nullopt : find_member(name);
    complete = complete && column;
    return column;
  };
  result.address = bind(people.address).value_or(0);
  result.password = bind(people.password).value_or(0);
  if (people.name) result.name = bind(*people.name);
  if (people.identities) result.identities = bind(*people.identities);
  if (people.member) result.member = people.member->value;
  for (const syntax::Text& provider : people.except) result.except.push_back(provider.value);
  for (const syntax::Text& hash : people.hashes) result.argon2 = result.argon2 || hash.value == "argon2";
  if (people.sessions) {
    complete = find_reference(*people.sessions) && complete;
    result.sessions = people.sessions->value;
  }
  if (complete) entity_.people = std::move(result);
}

void EntityResolver::resolve_indexes() {
  for (const syntax::PocketBaseIndex& index : file_.indexes) {
    PocketBaseIndex result;
    result.unique = index.unique;
    result.position = index.position;
    for (const syntax::Text& field : index.fields) {
      check_field_name(field, true);
      result.fields.push_back(field.value);
    }
    entity_.indexes.push_back(std::move(result));
  }
}

}  // namespace twowayc
