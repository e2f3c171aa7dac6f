#include "generator/model/route_answer.h"

#include <algorithm>
#include <map>
#include <optional>

namespace twowayc {
namespace {

const MappedField* field_of(const Entity& entity, std::size_t column) {
  const auto found = std::find_if(entity.fields.begin(), entity.fields.end(),
                                  [&](const MappedField& field) { return field.column == column; });
  return found == entity.fields.end() ? nullptr : &*found;
}

/// The part of its target's key that a reference's own column is; none where it is within a text.
std::optional<std::size_t> own_part(const MappedField& field) {
  for (std::size_t i = 0; i < field.target_key.size(); ++i) {
    if (field.target_key[i].what == KeyPart::What::own_column) return i;
  }
  return std::nullopt;
}

const std::map<std::string_view, Shown>& lenses() {
  static const std::map<std::string_view, Shown> table{
      {"text", Shown::text},
      {"email", Shown::text},
      {"boolean", Shown::boolean},
      {"boolean_negated", Shown::negated_boolean},
      {"number", Shown::number},
      {"real", Shown::number},
      {"epoch_seconds", Shown::seconds},
      {"epoch_milliseconds", Shown::milliseconds},
      {"json", Shown::document},
      {"json_text", Shown::document},
  };
  return table;
}

}  // namespace

ShownColumn shown_column(const MappingModel& model, const Entity& entity, std::size_t column) {
  for (std::size_t part = 0; part < entity.key.size(); ++part) {
    if (entity.key[part].column == column && entity.key[part].is_record_id) {
      return {Shown::record_id, "id", false, part};
    }
  }
  const MappedField* const field = field_of(entity, column);
  if (field == nullptr || field->hidden || !field->login.empty()) return {};
  const Lens& lens = model.lenses.at(field->lens);
  const bool empty_is_null = field->empty == Empty::null;
  if (lens.name == "reference") {
    const auto part = own_part(*field);
    return part ? ShownColumn{Shown::record_id, field->to, empty_is_null, *part} : ShownColumn{};
  }
  const auto how = lenses().find(lens.name);
  return how == lenses().end() ? ShownColumn{} : ShownColumn{how->second, field->to, empty_is_null, 0};
}

std::vector<std::string> NameLookup::fields() const {
  return owner.empty() ? std::vector{name} : std::vector{owner, name};
}

const MappedField* find_mapped_field(const Entity& entity, const std::string& name) {
  const auto found = std::find_if(entity.fields.begin(), entity.fields.end(),
                                  [&](const MappedField& field) { return !name.empty() && field.to == name; });
  return found == entity.fields.end() ? nullptr : &*found;
}

const Mirror* find_mirror(const Entity& entity, const std::string& name) {
  const auto found = std::find_if(entity.mirrors.begin(), entity.mirrors.end(),
                                  [&](const Mirror& mirror) { return mirror.field == name; });
  return found == entity.mirrors.end() ? nullptr : &*found;
}

bool find_lookup(const MappingModel& model, const Entity& entity, const Route& route, NameLookup& lookup) {
  const MappedField* const owner = find_mapped_field(entity, route.owner.field);
  const Mirror* const mirror = find_mirror(entity, route.list.field);
  if (owner == nullptr || mirror == nullptr) return false;
  const Entity& target = model.entities.at(mirror->target);
  if (target.key.empty() || target.key.size() != mirror->with.size() + 1 || target.key.size() > 2) return false;
  const MappedField* const name = field_of(target, target.key[0].column);
  if (name == nullptr || model.lenses.at(name->lens).name != "text") return false;
  lookup = {mirror->target, name->to, {}};
  if (mirror->with.empty()) return true;
  if (mirror->with[0] != owner->column) return false;
  const MappedField* const person = field_of(target, target.key[1].column);
  if (person == nullptr || person->target != owner->target) return false;
  lookup.owner = person->to;
  return true;
}

}  // namespace twowayc
