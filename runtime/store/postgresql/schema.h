// What a live PostgreSQL database declares: matched by name, never by position or by what the mapping expects.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/store/postgresql/column.h"
#include "runtime/store/postgresql/connection.h"

namespace twoway::postgresql {

struct LiveIndex {
  std::string name;
  std::string definition;              ///< pg_get_indexdef
  std::vector<std::string> columns;    ///< of its key, in order; an expression is an empty text
  std::vector<std::string> evaluated;  ///< columns that its expressions or its predicate use
  bool unique = false;
  bool primary = false;
  bool constraint = false;             ///< belongs to a primary key or another constraint
  bool partial = false;
  bool immediate = true;               ///< false: checked at the end of the transaction only
  bool valid = true;
  bool set_aside = false;              ///< by a load that is not finished: not there at the moment
};

struct LiveForeignKey {
  std::string name;
  std::vector<std::string> columns;
  std::string referenced_table;        ///< with its schema, quoted
  std::vector<std::string> referenced_columns;
  std::string definition;              ///< pg_get_constraintdef, without NOT VALID
  bool validated = true;
  bool set_aside = false;
};

/// A primary key, a unique, check or exclusion constraint.
struct LiveConstraint {
  std::string name;
  std::string definition;              ///< pg_get_constraintdef
};

/// A sequence that fills a column.
struct LiveSequence {
  std::string name;                    ///< with its schema, quoted
  std::string column;
};

struct LiveTable {
  std::string name;
  std::uint32_t oid = 0;
  std::vector<LiveColumn> columns;
  std::vector<std::string> primary_key;  ///< in its own order
  std::vector<LiveIndex> indexes;        ///< by name
  std::vector<LiveForeignKey> foreign_keys;
  std::vector<LiveConstraint> constraints;
  std::vector<LiveSequence> sequences;

  const LiveColumn* find(std::string_view column) const;
  /// The columns that tell its rows apart: the primary key, else the first unique index whose columns are all NOT NULL;
  /// only ones that are checked at once and over all rows. Empty: there are none.
  std::vector<std::string> key() const;
  /// True where exactly these columns have a unique index that ON CONFLICT can use.
  bool has_unique_index(const std::vector<std::string>& columns) const;
  /// A statement that makes this table again, with defaults, primary key, unique and check constraints; without other
  /// indexes and foreign keys. Sequences become identity columns.
  std::string sql() const;
};

/// An index, trigger or view of its own statement. Indexes of constraints are not among them.
struct LiveObject {
  std::string type;
  std::string name;
  std::string table;
  std::string sql;
};

struct LiveSchema {
  std::vector<LiveTable> tables;      ///< without twoway's own, by name
  std::vector<LiveObject> objects;    ///< by type and name
  bool has_side_table = false;
  bool has_unfinished = false;        ///< a load was started and not finished

  const LiveTable* find(std::string_view table) const;
};

/// twoway's own tables: they are in no LiveSchema.
inline constexpr std::string_view side_table_name = "twoway_residue";
inline constexpr std::string_view unfinished_table_name = "twoway_unfinished";

/// Reads what stands in the connection's schema. What an unfinished load has set aside counts as if it were there.
LiveSchema read_schema(Connection& connection);

}  // namespace twoway::postgresql
