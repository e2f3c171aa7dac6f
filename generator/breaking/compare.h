// The parts of the comparison. Internal to breaking/.
#pragma once

#include <string>
#include <vector>

#include "generator/breaking/breaking.h"

namespace twowayc {

/// An entity of a mapping.
struct Side {
  const MappingModel& model;
  const Entity& entity;

  const SqlColumn& sql(std::size_t column) const;
  const std::string& qualified(std::size_t column) const { return entity.columns.at(column).qualified; }
  const SqlTable& table() const { return model.schema.tables.at(entity.table); }
};

/// Columns and their fields.
void compare_fields(const Side& before, const Side& now, std::vector<Break>& breaks);
/// What is built on fields: mirrors, and fields that only PocketBase has.
void compare_parts(const Side& before, const Side& now, std::vector<Break>& breaks);
/// What SQL demands of a row.
void compare_constraints(const Side& before, const Side& now, std::vector<Break>& breaks);

/// Text as text, whole numbers as whole numbers: types whose values a key makes the same id from.
std::string_view value_class(SqlType type);

}  // namespace twowayc
