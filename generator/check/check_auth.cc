#include <fmt/format.h>

#include "generator/check/check.h"
#include "generator/check/describe.h"
#include "generator/check/pocketbase_field.h"

namespace twowayc {
namespace {

using Origin = PocketBaseField::Origin;

/// A field that PocketBase gives every auth collection, and the only form in which a mapping may name it.
struct SystemField {
  std::string_view name;
  Origin origin;
  PocketBaseType type;
  std::string_view form;
};
constexpr SystemField system_fields[] = {
    {"email", Origin::mapped, PocketBaseType::email, "as a column with lens email"},
    {"password", Origin::mapped, PocketBaseType::password, "as a column with lens password"},
    {"emailVisibility", Origin::only, PocketBaseType::boolean, "under only_in_pocketbase, with type bool"},
    {"verified", Origin::only, PocketBaseType::boolean, "under only_in_pocketbase, with type bool"},
    {"tokenKey", Origin::only, PocketBaseType::token, "under only_in_pocketbase, with type token"},
};

void check_system_fields(const std::vector<PocketBaseField>& fields, DiagnosticSink& sink) {
  for (const PocketBaseField& field : fields) {
    for (const SystemField& system : system_fields) {
      if (field.name != system.name) continue;
      if (field.origin == system.origin && field.type == system.type) continue;
      sink.error(DiagnosticId::auth_field, field.position,
                 fmt::format("'{}' of an auth collection is PocketBase's own field", field.name))
          .with_hint(fmt::format("it can be given {}; else choose another name", system.form));
    }
  }
}

/// Fields of types that exist once and under one name, or not at all.
void check_special_types(const std::vector<PocketBaseField>& fields, bool auth, DiagnosticSink& sink) {
  for (const PocketBaseField& field : fields) {
    const bool password = field.type == PocketBaseType::password;
    const bool token = field.type == PocketBaseType::token;
    if (!password && !token) continue;
    const std::string_view only_name = password ? "password" : "tokenKey";
    if (auth && field.name == only_name) continue;
    sink.error(DiagnosticId::auth_field, field.position,
               fmt::format("only an auth collection has a {} field, and it is called '{}'", describe(field.type),
                           only_name));
  }
}

void check_identity(const Entity& entity, const EntitySource& source, const std::vector<PocketBaseField>& fields,
                    DiagnosticSink& sink) {
  for (const syntax::Text& name : source.file->collection->identity) {
    const PocketBaseField* field = find_field(fields, name.value);
    if (field == nullptr || field->type == PocketBaseType::text || field->type == PocketBaseType::email) continue;
    sink.error(DiagnosticId::auth_field, name.position,
               fmt::format("nobody can sign in to '{}' with a {} field", entity.collection, describe(field->type)))
        .with_note(field->position, "the field is declared here");
  }
}

/// Reports a column of `people:` that is mapped by another lens than its meaning needs.
void check_people_lens(const MappingModel& model, const Entity& entity, std::size_t column, const syntax::Text& name,
                       std::string_view lens, DiagnosticSink& sink) {
  for (const MappedField& field : entity.fields) {
    if (field.column != column) continue;
    const std::string& found = model.lenses[field.lens].name;
    if (found == lens) return;
    sink.error(DiagnosticId::people_field, name.position,
               fmt::format("'{}' has lens {}, and needs lens {} here", name.value, found, lens))
        .with_note(field.position, "the field is declared here");
    return;
  }
  sink.error(DiagnosticId::people_field, name.position,
             fmt::format("'{}' has no field, and needs one with lens {} here", name.value, lens));
}

void check_sessions(const MappingModel& model, const Entity& entity, const EntitySource& source, DiagnosticSink& sink) {
  const syntax::Text& name = *source.file->people->sessions;
  for (std::size_t i = 0; i < entity.purged.size(); ++i) {
    if (entity.purged[i].qualified != name.value) continue;
    const ColumnReference at = source.purged_columns[i];
    const SqlType type = model.schema.tables[at.table].columns[at.column].type;
    if (type == SqlType::text || type == SqlType::varchar) return;
    sink.error(DiagnosticId::people_field, name.position,
               fmt::format("'{}' gets a random text to end sessions, and is a {} column", name.value, describe(type)))
        .with_note(entity.purged[i].position, "the column is purged here");
    return;
  }
  sink.error(DiagnosticId::people_field, name.position,
             fmt::format("'{}' is not purged, so no session ends with the move", name.value))
      .with_hint(fmt::format("purge it: {}: {{ purge: \"reason\" }}", name.value));
}

void check_people(const MappingModel& model, const Entity& entity, const EntitySource& source, DiagnosticSink& sink) {
  if (!source.file->people) return;
  const syntax::People& people = *source.file->people;
  if (!entity.auth) {
    sink.error(DiagnosticId::people_field, people.position,
               "nobody signs in to a collection that is no auth collection")
        .with_hint("say collection: { type: auth }, or leave 'people' out");
  }
  if (!entity.people) return;
  check_people_lens(model, entity, entity.people->address, people.address, "email", sink);
  check_people_lens(model, entity, entity.people->password, people.password, "password", sink);
  if (entity.people->name) check_people_lens(model, entity, *entity.people->name, *people.name, "text", sink);
  if (entity.people->identities) {
    check_people_lens(model, entity, *entity.people->identities, *people.identities, "json", sink);
  }
  if (people.sessions) check_sessions(model, entity, source, sink);
}

}  // namespace

void check_auth(const Resolution& resolution, DiagnosticSink& sink) {
  const EntitySource* first = nullptr;
  for (std::size_t i = 0; i < resolution.model.entities.size(); ++i) {
    const Entity& entity = resolution.model.entities[i];
    const EntitySource& source = resolution.sources[i];
    const auto fields = all_pocketbase_fields(resolution.model, entity, source);
    check_special_types(fields, entity.auth, sink);
    check_people(resolution.model, entity, source, sink);
    if (!entity.auth) continue;
    check_system_fields(fields, sink);
    check_identity(entity, source, fields, sink);
    if (first != nullptr) {
      sink.error(DiagnosticId::auth_twice, source.file->collection->position,
                 "a mapping has at most one auth collection")
          .with_note(first->file->collection->position, "the other one");
    }
    if (first == nullptr) first = &source;
  }
}

}  // namespace twowayc
