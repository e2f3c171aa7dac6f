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
  for (const FileField& file : entity.files) names.push_back(file.field);
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

std::optional<FileField::Member> EntityResolver::find_json_member(const syntax::Text& text) {
  const std::size_t dot = text.value.rfind('.');
  if (dot == std::string::npos || dot == 0 || dot + 1 == text.value.size()) {
    context_.sink
        .error(DiagnosticId::option_value, text.position,
               fmt::format("'{}' names no member of a JSON column", text.value))
        .with_hint("write column.member");
    return std::nullopt;
  }
  const auto column = find_member({text.value.substr(0, dot), text.position});
  if (!column) return std::nullopt;
  return FileField::Member{*column, text.value.substr(dot + 1)};
}

std::optional<std::string> EntityResolver::resolve_stored(const syntax::Text& text) {
  const auto pieces = parse_template(text, context_.sources, context_.sink);
  if (!pieces) return std::nullopt;
  bool complete = true;
  for (const TemplatePiece& piece : *pieces) {
    if (piece.is_name) complete = find_member({piece.text, piece.position}).has_value() && complete;
  }
  return complete ? std::optional(text.value) : std::nullopt;
}

void EntityResolver::resolve_files() {
  for (const syntax::FileField& file : file_.files) {
    FileField result;
    result.field = file.field.value;
    result.position = file.field.position;
    if (file.max_size) result.max_size = file.max_size->value;
    const auto path = find_member(file.path), name = find_member(file.name);
    const auto stored = resolve_stored(file.stored);
    bool complete = path && name && stored;
    const auto member = [&](const syntax::OptionalText& text, std::optional<FileField::Member>& found) {
      if (text) complete = (found = find_json_member(*text)).has_value() && complete;
    };
    member(file.sha256, result.sha256);
    member(file.size, result.size);
    member(file.content_type, result.content_type);
    if (!complete) continue;
    result.path = *path;
    result.name = *name;
    result.stored = *stored;
    entity_.files.push_back(std::move(result));
    source_.files.push_back(&file);
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

void EntityResolver::resolve_routes() {
  for (const syntax::Route& route : file_.routes) {
    for (const syntax::Text* field : {&route.owner.field, &route.list.field, &route.order}) {
      if (!field->value.empty()) check_field_name(*field, false);
    }
    Route result{route.path.value,
                 {route.owner.name.value, route.owner.field.value},
                 {route.list.name.value, route.list.field.value},
                 route.order.value,
                 route.limit.value,
                 route.most.value,
                 {},
                 route.path.position};
    bool complete = true;
    for (const syntax::Text& name : route.answer) {
      if (const auto column = find_member(name))
        result.answer.push_back(*column);
      else
        complete = false;
    }
    if (!complete) continue;
    entity_.routes.push_back(std::move(result));
    source_.routes.push_back(&route);
  }
}

}  // namespace twowayc
