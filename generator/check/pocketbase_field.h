// The fields that a collection gets, whatever part of the mapping they come from.
#pragma once

#include <string>
#include <vector>

#include "generator/resolve/resolution.h"

namespace twowayc {

struct PocketBaseField {
  enum class Origin { mapped, login, mirror, derived, only, file };
  std::string name;
  PocketBaseType type = PocketBaseType::text;
  Origin origin = Origin::mapped;
  Position position;         ///< of the name
};

/// All fields of an entity's collection but the system's own, in the order of their places in the file.
std::vector<PocketBaseField> all_pocketbase_fields(const MappingModel& model, const Entity& entity,
                                                   const EntitySource& source);

/// The field of that name, or nullptr.
const PocketBaseField* find_field(const std::vector<PocketBaseField>& fields, const std::string& name);

}  // namespace twowayc
