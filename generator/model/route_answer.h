// What a route needs to know of the fields that it is made of: the check asks whether it can be answered, the emitter
// how.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "generator/model/mapping_model.h"

namespace twowayc {

/// How a column is made from its PocketBase field again, in an answer.
enum class Shown {
  nowhere,    ///< it is hidden, or needs other rows or C++
  record_id,  ///< a part of a record's id
  text,
  boolean,
  negated_boolean,
  number,
  seconds,  ///< of a date, since 1970
  milliseconds,
  document,  ///< JSON
};

struct ShownColumn {
  Shown how = Shown::nowhere;
  std::string field;  ///< of the collection; "id" for the record's own id
  bool empty_is_null = false;
  std::size_t part = 0;  ///< record_id: which part of the key
};

/// How the column (an index into Entity::columns) is shown.
ShownColumn shown_column(const MappingModel& model, const Entity& entity, std::size_t column);

/// Where the names of a route's list are looked up.
struct NameLookup {
  std::size_t target = 0;  ///< entity index
  std::string name;        ///< its field that holds the name
  std::string owner;       ///< its field that holds the person; empty: names are everybody's

  /// The fields that an index has to begin with.
  std::vector<std::string> fields() const;
};

/// The field of an entity by its PocketBase name; nullptr where there is none.
const MappedField* find_mapped_field(const Entity& entity, const std::string& name);
const Mirror* find_mirror(const Entity& entity, const std::string& name);

/// Nullptr-safe: false where the route's fields are not what they have to be.
bool find_lookup(const MappingModel& model, const Entity& entity, const Route& route, NameLookup& lookup);

}  // namespace twowayc
