// The documents of attic entries: what every SQL store writes into them, and how the stores of one kind of database
// understand those that another kind wrote.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/store/streams.h"
#include "runtime/store/tables.h"

namespace twoway::attic_entry {

// Entries of AtticEntry::values, by name; all are tagged text.
//   table    sql: the statement that makes it   dialect   columns: [{"name", "type", "not_null", "key"}, ...]
//   column   type: as it was declared           dialect   word: its type in the mapping's words
//   object   sql                                dialect
// `key` is the column's place in what tells rows apart, from 1; 0: none. `type` in columns is a word of the mapping.
// Where there is no `dialect`, an older twoway wrote the entry from a SQLite database.
inline constexpr std::string_view sqlite = "sqlite";
inline constexpr std::string_view postgresql = "postgresql";

/// The name under which a SQLite row's row id travels. Other databases have none: it is no data of the application's,
/// only a row's place, and stays behind there.
inline constexpr std::string_view rowid_name = "#rowid";

/// The tagged text of a value.
std::string tagged(const Value& value);
/// The text of an entry's value; nullopt where there is none of that name.
std::optional<std::string> text(const AtticEntry& entry, std::string_view name);
std::string dialect(const AtticEntry& entry);

AtticEntry table(const TableShape& shape, std::string_view sql, std::string_view dialect);
AtticEntry column(std::string_view table, const TableColumn& column, std::string_view dialect);
AtticEntry object(const TableObject& object, std::string_view dialect);

/// The shape of a table's entry; its columns have no declared types. nullopt where the entry does not tell.
std::optional<TableShape> shape(const AtticEntry& entry);
/// The column of a column's entry; its type is text where the entry does not tell.
TableColumn column(const AtticEntry& entry);

/// The type's word in the mapping's language, and the other way.
std::string_view word_of(SqlType type);
std::optional<SqlType> type_of(std::string_view word);

// Statements of another kind of database are kept in the side table (runtime/store/kept.h).

/// The side table's key for an entry: `table NAME`, `column TABLE.NAME`, `index NAME`, `trigger NAME`, `view NAME`.
std::string statement_key(const AtticEntry& entry);
/// The side table's document for its statement (a column's declared type).
std::string statement_document(const AtticEntry& entry);
/// A kept statement.
struct Statement {
  std::string dialect;
  std::string key;
  std::string table;  ///< may be empty
  std::string sql;
};
std::optional<Statement> read_statement(std::string_view dialect, std::string_view key, const Value& document);
/// All statements of other kinds of databases that this one keeps.
std::vector<Statement> kept_statements(Tables& tables);

/// Puts a kept statement in the place of what this database would say of the table or column: what was made from it is
/// only a translation.
void restore_statement(AtticEntry& entry, const std::vector<Statement>& statements);
/// Entries of the objects among the statements.
std::vector<AtticEntry> kept_objects(const std::vector<Statement>& statements);

}  // namespace twoway::attic_entry
