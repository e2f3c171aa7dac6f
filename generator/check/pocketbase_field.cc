#include "generator/check/pocketbase_field.h"

#include <algorithm>
#include <tuple>

namespace twowayc {

std::vector<PocketBaseField> all_pocketbase_fields(const MappingModel& model, const Entity& entity,
                                                   const EntitySource& source) {
  using Origin = PocketBaseField::Origin;
  std::vector<PocketBaseField> fields;
  for (std::size_t i = 0; i < entity.fields.size(); ++i) {
    const MappedField& field = entity.fields[i];
    const syntax::Field& syntax = *source.fields[i];
    const Position position = syntax.to ? syntax.to->position : field.position;
    if (!field.to.empty()) fields.push_back({field.to, model.lenses[field.lens].pocketbase, Origin::mapped, position});
    if (syntax.login) fields.push_back({field.login, PocketBaseType::text, Origin::login, syntax.login->position});
  }
  for (const Mirror& mirror : entity.mirrors) {
    fields.push_back({mirror.field, PocketBaseType::relations, Origin::mirror, mirror.position});
  }
  for (const Derived& derived : entity.derived) {
    fields.push_back({derived.field, PocketBaseType::text, Origin::derived, derived.position});
  }
  for (const PocketBaseOnly& only : entity.only_in_pocketbase) {
    fields.push_back({only.field, only.type, Origin::only, only.position});
  }
  for (const FileField& file : entity.files) {
    fields.push_back({file.field, PocketBaseType::file, Origin::file, file.position});
  }
  const auto rank = [](const PocketBaseField& f) { return std::tuple(f.position.line, f.position.column); };
  std::stable_sort(fields.begin(), fields.end(),
                   [&](const PocketBaseField& a, const PocketBaseField& b) { return rank(a) < rank(b); });
  return fields;
}

const PocketBaseField* find_field(const std::vector<PocketBaseField>& fields, const std::string& name) {
  const auto is_it = [&](const PocketBaseField& field) { return field.name == name; };
  const auto found = std::find_if(fields.begin(), fields.end(), is_it);
  return found == fields.end() ? nullptr : &*found;
}

}  // namespace twowayc
