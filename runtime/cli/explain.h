// What the mapping does, without any store.
#pragma once

#include <string>
#include <string_view>

#include "runtime/model/entity.h"

namespace twoway::cli {

/// All entities in dependency order with their columns by class, and the tables of which nothing goes over.
std::string explain_mapping(const Mapping& mapping, bool json);

/// Every field of one entity, named by its name, its table or its collection. Throws Error for any other name.
std::string explain_entity(const Mapping& mapping, std::string_view name, bool json);

/// The entity with this name, table or collection. Throws Error for any other.
const Entity& entity_named(const Mapping& mapping, std::string_view name);

/// `iso`, `residue`...
std::string_view name(FieldClass what);

}  // namespace twoway::cli
