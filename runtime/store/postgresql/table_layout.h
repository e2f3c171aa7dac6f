// A table as somebody wants to read or write it, in a live database.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "runtime/store/postgresql/schema.h"
#include "runtime/store/tables.h"
#include "runtime/transform/arena.h"

namespace twoway::postgresql {

/// A shape's columns, found by name.
struct TableLayout {
  TableShape shape;
  std::vector<LiveColumn> columns;  ///< in the order of the shape
  bool has_casts = false;           ///< some column is LiveColumn::is_cast()
  bool has_identity = false;        ///< some column is GENERATED ALWAYS AS IDENTITY
  bool unique_key = false;          ///< ON CONFLICT can be used with the shape's key
  std::string values_entity;        ///< kept::values_of(the table)
  std::string rows_entity;          ///< kept::rows_of(the table)

  const std::string& table() const { return shape.name; }
  bool has_key() const { return !shape.key.empty(); }
  /// The key as the side table has it; in the arena or in the values.
  std::string_view key_text(std::span<const Value> values, Arena& arena) const;
};

/// Throws Error(interrupted) where the database lacks the table or a column.
TableLayout layout_of(const LiveSchema& schema, const TableShape& shape, const std::string& database);

/// The live table as a shape; without generated columns.
TableShape shape_of(const LiveTable& table);

}  // namespace twoway::postgresql
