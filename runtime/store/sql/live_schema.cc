#include "runtime/store/sql/live_schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "runtime/model/error.h"
#include "runtime/store/sql/index_sql.h"
#include "runtime/store/sql/side_table.h"
#include "runtime/store/sqlite/bulk_load.h"

namespace twoway::sql_sqlite {

namespace {

using sqlite::Connection;
using sqlite::quoted_name;
using sqlite::Statement;
using Table = LiveTable;

std::string string_of(const Value& value) { return value.is_text() ? std::string(value.bytes()) : std::string(); }

Table::Kind kind_of(std::string_view type) {
  if (type == "view") return Table::Kind::view;
  if (type == "virtual") return Table::Kind::virtual_table;
  return type == "shadow" ? Table::Kind::shadow : Table::Kind::table;
}

void read_columns(Connection& connection, Table& table) {
  Statement info =
      connection.prepare("SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?)");
  info.bind(0, Value::text(table.name));
  while (info.step()) {
    const auto hidden = info.column(5).as_integer();
    if (hidden == 1) continue;  // of a virtual table
    LiveColumn column;
    column.name = string_of(info.column(0));
    column.declared_type = string_of(info.column(1));
    column.not_null = info.column(2).as_integer() != 0;
    if (info.column(3).is_text()) column.default_text = string_of(info.column(3));
    column.primary_key_position = static_cast<int>(info.column(4).as_integer());
    column.generated = hidden == 2 || hidden == 3;
    table.columns.push_back(std::move(column));
  }
  std::vector<const LiveColumn*> key;
  for (const LiveColumn& column : table.columns) {
    if (column.primary_key_position > 0) key.push_back(&column);
  }
  std::sort(key.begin(), key.end(),
            [](const LiveColumn* a, const LiveColumn* b) { return a->primary_key_position < b->primary_key_position; });
  for (const LiveColumn* column : key) table.primary_key.push_back(column->name);
}

std::string statement_of(Connection& connection, std::string_view index) {
  Statement find = connection.prepare("SELECT sql FROM sqlite_schema WHERE type = 'index' AND name = ?");
  find.bind(0, Value::text(index));
  return find.step() ? string_of(find.column(0)) : std::string();
}

void read_parts(Connection& connection, LiveIndex& index) {
  const IndexSql written = parse_index(statement_of(connection, index.name));
  index.where = written.where;
  Statement parts = connection.prepare("SELECT cid, name, \"desc\", coll FROM pragma_index_xinfo(?) WHERE key = 1");
  parts.bind(0, Value::text(index.name));
  while (parts.step()) {
    constexpr std::int64_t expression = -2, row_id = -1;
    LiveIndexPart part;
    const std::int64_t column = parts.column(0).as_integer();
    if (column == expression && index.columns.size() < written.parts.size()) {
      part.expression = written.parts[index.columns.size()];
    } else {
      part.column = column == row_id ? "rowid" : string_of(parts.column(1));
    }
    part.descending = parts.column(2).as_integer() != 0;
    part.collation = string_of(parts.column(3));
    if (part.collation == "BINARY") part.collation.clear();
    index.columns.push_back(std::move(part));
  }
}

void read_indexes(Connection& connection, Table& table) {
  using Origin = LiveIndex::Origin;
  Statement list = connection.prepare("SELECT name, \"unique\", origin FROM pragma_index_list(?) ORDER BY name");
  list.bind(0, Value::text(table.name));
  while (list.step()) {
    LiveIndex index;
    index.name = string_of(list.column(0));
    index.unique = list.column(1).as_integer() != 0;
    const std::string origin = string_of(list.column(2));
    index.origin = origin == "pk" ? Origin::primary_key : origin == "u" ? Origin::unique_constraint : Origin::statement;
    read_parts(connection, index);
    table.indexes.push_back(std::move(index));
  }
  // The row id under another name: the only primary key that has no index.
  const bool has_index = std::any_of(table.indexes.begin(), table.indexes.end(),
                                     [](const LiveIndex& index) { return index.origin == Origin::primary_key; });
  if (has_index || table.without_rowid || table.primary_key.size() != 1) return;
  for (LiveColumn& column : table.columns) column.numbered = column.primary_key_position > 0;
}

void read_foreign_keys(Connection& connection, Table& table) {
  Statement list = connection.prepare(
      "SELECT id, \"table\", \"from\", \"to\", on_delete FROM pragma_foreign_key_list(?) ORDER BY id DESC, seq");
  list.bind(0, Value::text(table.name));
  std::int64_t last = -1;
  while (list.step()) {
    if (table.foreign_keys.empty() || list.column(0).as_integer() != last) {
      table.foreign_keys.push_back({{}, string_of(list.column(1)), {}, string_of(list.column(4))});
    }
    last = list.column(0).as_integer();
    table.foreign_keys.back().columns.push_back(string_of(list.column(2)));
    if (list.column(3).is_text()) {
      table.foreign_keys.back().referenced_columns.push_back(string_of(list.column(3)));
    }
  }
}

void read_triggers(Connection& connection, Table& table) {
  Statement list = connection.prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE ORDER BY name");
  list.bind(0, Value::text(table.name));
  while (list.step()) table.triggers.push_back(string_of(list.column(0)));
}

/// `REFERENCES t` means the primary key of t.
void complete_foreign_keys(LiveSchema& schema) {
  for (Table& table : schema.tables) {
    for (LiveForeignKey& key : table.foreign_keys) {
      const Table* referenced = schema.find(key.table);
      if (key.referenced_columns.empty() && referenced != nullptr) key.referenced_columns = referenced->primary_key;
    }
  }
}

}  // namespace

LiveSchema read_live_schema(Connection& connection, const RevisionPlace& revision) {
  LiveSchema schema;
  schema.dialect = "sqlite";
  schema.version = connection.text("SELECT sqlite_version()");
  Statement list = connection.prepare(
      "SELECT l.name, l.type, l.wr, l.strict, s.sql FROM pragma_table_list AS l JOIN sqlite_schema AS s ON s.name = "
      "l.name AND s.type IN ('table', 'view') WHERE l.schema = 'main' AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
      "ORDER BY l.name");
  while (list.step()) {
    Table table;
    table.name = string_of(list.column(0));
    if (table.name == side_table_name || table.name == sqlite::BulkLoad::table) continue;
    table.kind = kind_of(string_of(list.column(1)));
    table.without_rowid = list.column(2).as_integer() != 0;
    table.strict = list.column(3).as_integer() != 0;
    table.sql = string_of(list.column(4));
    read_columns(connection, table);
    read_indexes(connection, table);
    read_foreign_keys(connection, table);
    read_triggers(connection, table);
    schema.tables.push_back(std::move(table));
  }
  complete_foreign_keys(schema);
  const Table* versions = schema.find(revision.table);
  if (versions != nullptr && versions->find(revision.column) != nullptr) {
    schema.revision =
        connection.text(fmt::format("SELECT {} FROM {}", quoted_name(revision.column), quoted_name(revision.table)));
  }
  return schema;
}

LiveSchema mapped_schema(const Mapping& mapping) {
  namespace fs = std::filesystem;
  constexpr std::size_t cache_bytes = 1024 * 1024;
  std::string directory = (fs::temp_directory_path() / "twoway-schema-XXXXXX").string();
  if (mkdtemp(directory.data()) == nullptr) {
    throw cannot_start(fmt::format("cannot make a directory in {}", fs::temp_directory_path().string()),
                       "Name one that can be written to with TMPDIR.");
  }
  struct Remover {
    const std::string& path;
    ~Remover() {
      std::error_code error;
      fs::remove_all(path, error);
    }
  } remover{directory};
  Connection connection(fs::path(directory) / "mapped.db", sqlite::Access::create, cache_bytes);
  connection.execute("PRAGMA synchronous = OFF");
  connection.execute("BEGIN");
  for (const std::string_view statement : mapping.sqlite_schema) connection.execute(std::string(statement));
  return read_live_schema(connection, {});
}

}  // namespace twoway::sql_sqlite
