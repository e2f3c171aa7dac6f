// An entity's columns in a live SQL database, whatever its kind: which are mapped, which nobody knows, how to select
// them, and where the database is not what the mapping expects.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/model/entity.h"
#include "runtime/store/streams.h"
#include "runtime/transform/arena.h"

namespace twoway {

/// `name` as a SQL identifier.
std::string quoted_identifier(std::string_view name);

/// A column as a live table declares it.
struct ColumnFacts {
  std::string name;
  std::string declared_type;
  bool not_null = false;
  bool generated = false;  ///< computed by the database: never written
};
/// The columns of a live table, by its name; nullopt where there is no such table.
using TableFacts = std::function<std::optional<std::vector<ColumnFacts>>(std::string_view table)>;

/// True where the mapping accounts for this table: mapped, joined, purged, or the one with the revision.
bool is_named(const Mapping& mapping, std::string_view table);

/// True where the mapping accounts for this column of one of the entity's tables: mapped, joined on, or declared.
bool is_known(const Entity& entity, std::string_view table, std::string_view column);

/// True where the mapping declares that this column is left behind.
bool is_purged(const Entity& entity, std::string_view table, std::string_view column);

/// The shape of one of the entity's tables without the columns that are left behind.
TableShape without_purged(const Entity& entity, const TableShape& whole);

/// The columns of the entity's tables that the mapping does not know, in the order of the tables.
std::vector<UnknownColumn> unknown_columns(const Entity& entity, const TableFacts& tables);

/// How a column is selected: gets table, column and its qualified name, and gives the expression.
using Selected = std::function<std::string(std::string_view table, std::string_view column, std::string qualified)>;
/// `mapped..., join markers..., unknown...`, and `FROM table AS t LEFT JOIN ...`. Without WHERE or ORDER BY.
struct RowsStatement {
  std::vector<std::string> columns;
  std::string from;
  /// `SELECT columns FROM ...`.
  std::string text() const;
};
RowsStatement select_rows(const Entity& entity, const std::vector<UnknownColumn>& unknown,
                          const Selected& selected = {});

/// The qualified name as it stands in the statement above: `t."id"`, or `j0."email"` for the first joined table.
std::string qualified(const Entity& entity, std::string_view table, std::string_view column);

/// `UPDATE ... SET column = NEW_TEXT`: gives the column that sessions are bound to a new text in all rows, or only
/// where it is NULL. `new_text` is an expression of the database.
std::string end_sessions_statement(const Entity& entity, bool all, std::string_view new_text);

/// Splits `table.column` of a joined table; a plain name belongs to the entity's own table.
std::pair<std::string_view, std::string_view> split_name(const Entity& entity, std::string_view name);

/// The canonical text of a row's key: what its record id is unless the side table says otherwise.
std::string_view key_text(const Entity& entity, const void* row, Arena& arena);

/// Throws Error(cannot_start) that names all tables and columns that the mapping expects and the database lacks.
void refuse_other_schema(const Mapping& mapping, const TableFacts& tables, const std::string& store);

/// What a store says of its revision where it has none, though the mapping names one.
inline constexpr std::string_view no_version = "none";
/// Throws Error(cannot_start) unless the revision is the mapping's.
void refuse_other_version(const Mapping& mapping, std::string_view found, const std::string& store);

/// Columns that are NOT NULL here though the mapping's reference schema allows NULL.
class StricterColumns {
 public:
  StricterColumns() = default;
  StricterColumns(const Mapping& mapping, const TableFacts& tables);
  /// Puts `empty(column)` in the place of each NULL that such a column cannot hold; returns the number of cells.
  std::size_t adapt(const Entity& entity, void* row, const std::function<Value(const Column&)>& empty) const;
  /// For people: `table.column is NOT NULL here`, sorted.
  std::vector<std::string> remarks() const;

 private:
  std::map<const Entity*, std::vector<std::size_t>> columns_;
};

/// Where the columns of one of an entity's tables stand: in its row struct, among its unknown values, or nowhere.
class TablePlaces {
 public:
  /// `join`: where it is a joined table, else null.
  TablePlaces(const Entity& entity, const Join* join, const TableShape& shape,
              const std::vector<UnknownColumn>& unknown);
  /// One value per column of the shape; NULL for those that are nowhere.
  void gather(const void* row, std::span<const Value> unknown, std::vector<Value>& values) const;
  /// The other way; a value that has no place of its own is dropped.
  void scatter(std::span<const Value> values, void* row, std::span<Value> unknown) const;

 private:
  struct Place {
    enum class Where : std::uint8_t { nowhere, row, unknown } where = Where::nowhere;
    std::size_t at = 0;
    bool own = false;  ///< the place is this column's own, not only where its value can be read
  };
  std::vector<Place> places_;
};

}  // namespace twoway
