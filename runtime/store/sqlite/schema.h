// What a live SQLite database declares: matched by name, never by position or by what the mapping expects.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/store/sqlite/connection.h"

namespace twoway::sqlite {

struct LiveColumn {
  std::string name;
  std::string declared_type;  ///< may be empty
  bool not_null = false;
  bool has_default = false;
  int primary_key = 0;        ///< 1-based position in the primary key; 0: not part of it
  bool generated = false;     ///< computed by SQLite: never written
};

struct LiveTable {
  std::string name;
  std::string sql;            ///< its CREATE statement
  std::vector<LiveColumn> columns;
  bool without_rowid = false;
  bool is_virtual = false;    ///< or a shadow table of one

  const LiveColumn* find(std::string_view column) const;
  /// A name under which the row id can be read beside these columns; empty for WITHOUT ROWID tables.
  std::string rowid_name() const;
};

/// An index, trigger or view that stands in the schema with SQL of its own.
struct LiveObject {
  std::string type;
  std::string name;
  std::string table;
  std::string sql;
};

struct LiveSchema {
  std::vector<LiveTable> tables;    ///< without SQLite's own, by name
  std::vector<LiveObject> objects;

  const LiveTable* find(std::string_view table) const;
};

LiveSchema read_schema(Connection& connection);

/// What tells the table's rows apart: its primary key, else the columns of a unique index (not partial, BINARY) that
/// are all NOT NULL. Empty where it has neither.
std::vector<std::string> unique_key(Connection& connection, const LiveTable& table);

/// True where a unique index or primary key over exactly these columns (in any order, not partial, BINARY) exists.
bool has_unique_key(Connection& connection, const LiveTable& table, const std::vector<std::string>& columns);

}  // namespace twoway::sqlite
