// What sql/*.yaml says of columns beyond what a database declares: `holds`, `null: never`, `secret`, `references`. The
// entities say it as well, in other words. Two statements that agree are hardly both mistaken.
#pragma once

#include <string>
#include <vector>

#include "generator/model/mapping_model.h"

namespace twowayc {

/// A reference as `references:` writes it: the parts of the target's key, and its table.
struct ReferenceText {
  std::vector<std::string> on;
  std::string table;
};
ReferenceText reference_text(const MappingModel& model, const Entity& entity, const MappedField& field);
ReferenceText reference_text(const MappingModel& model, const Entity& entity, const Mirror& mirror);

/// Whether the entity's tables say so, with a foreign key or under `references`.
bool is_known(const MappingModel& model, const Entity& entity, const ReferenceText& reference);

/// True if the type alone says what the column holds: whole numbers, text, JSON...
bool is_plain(const SqlColumn& column, const Lens& lens);

/// True if a record that was made in PocketBase cannot bring a NULL into the column.
bool gives_a_value(const MappedField& field);

}  // namespace twowayc
