#include "tests/bench/floor.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/support/sqlite_file.h"

namespace twoway::bench {

namespace fs = std::filesystem;
using test::Cell;
using test::identifier;
using test::SqliteFile;

namespace {

/// One column that has a field.
struct Pair {
  std::string column;
  std::string field;
  std::string type;  ///< of the field
  bool required;     ///< the column is NOT NULL
  Cell largest;      ///< the largest value, which tells the unit of a time
};

/// One table that has a collection.
struct Rows {
  std::string table;
  std::string collection;
  std::vector<std::string> key;  ///< the table's primary key
  std::vector<Pair> pairs;
};

using Fields = std::map<std::string, std::string>;  ///< name -> type

/// Which collection belongs to which table: PocketBase's ids say so (docs/mapping-language.md, collection_prefix).
std::string table_of(const std::string& collection_id) {
  constexpr std::string_view prefix = "twoway_";
  if (collection_id == "_pb_users_auth_") return "user";
  return collection_id.starts_with(prefix) ? collection_id.substr(prefix.size()) : "";
}

/// The field that shows a column; empty if none has its name.
std::string field_for(const std::string& column, const Fields& fields) {
  if (column == "id") return fields.contains("id_normalized") ? "id_normalized" : "";
  return fields.contains(column) ? column : "";
}

Rows rows_of(SqliteFile& sql, const std::string& table, const std::string& collection, const Fields& fields) {
  Rows rows{table, collection, sql.primary_key(table), {}};
  const std::string query = "SELECT name, \"notnull\" FROM pragma_table_info(?) ORDER BY cid";
  for (const test::Row& column : sql.rows(query, {table})) {
    const std::string& name = column[0].bytes;
    const std::string field = field_for(name, fields);
    if (field.empty()) continue;
    const std::string& type = fields.at(field);
    const Cell largest = type == "date" ? sql.cell(fmt::format("SELECT max({}) FROM {}", identifier(name),
                                                               identifier(table)))
                                        : Cell();
    rows.pairs.push_back({name, field, type, column[1].bits != 0, largest});
  }
  return rows;
}

/// All tables with their collections; `auth`, whose columns lie in the people's collection, comes last.
std::vector<Rows> matched(const fs::path& sql_path, const fs::path& pocketbase_path) {
  SqliteFile sql(sql_path, SqliteFile::Mode::read), pocketbase(pocketbase_path, SqliteFile::Mode::read);
  std::vector<Rows> all;
  const std::vector<std::string> tables = sql.tables();
  for (const test::Row& collection : pocketbase.rows("SELECT id, name FROM _collections ORDER BY name")) {
    const std::string table = table_of(collection[0].bytes);
    if (std::find(tables.begin(), tables.end(), table) == tables.end()) continue;
    Fields fields;
    for (const test::Row& field : pocketbase.rows(
             "SELECT value ->> 'name', value ->> 'type' FROM _collections, json_each(fields) WHERE name = ?",
             {collection[1]})) {
      fields[field[0].bytes] = field[1].bytes;
    }
    all.push_back(rows_of(sql, table, collection[1].bytes, fields));
    if (table == "user") all.push_back(rows_of(sql, "auth", collection[1].bytes, fields));
  }
  std::stable_partition(all.begin(), all.end(), [](const Rows& rows) { return rows.table != "auth"; });
  return all;
}

/// How many of the column's units are a second.
std::int64_t units(const Pair& pair) {
  const std::int64_t value = pair.largest.storage == Cell::Class::integer ? pair.largest.bits : 0;
  return value > 100'000'000'000'000'000 ? 1'000'000'000 : value > 100'000'000'000 ? 1000 : 1;
}

std::string shown(const Pair& pair) {
  const std::string column = identifier(pair.column);
  if (pair.type == "json") return column;
  if (pair.type == "bool" || pair.type == "number") return fmt::format("coalesce({}, 0)", column);
  if (pair.type == "date" && pair.largest.storage == Cell::Class::integer) {
    const std::string seconds = units(pair) == 1 ? column : fmt::format("{} / {}.0", column, units(pair));
    return fmt::format("coalesce(strftime('%Y-%m-%d %H:%M:%fZ', {}, 'unixepoch'), '')", seconds);
  }
  return fmt::format("coalesce({}, '')", column);
}

std::string returned(const Pair& pair) {
  const std::string field = identifier(pair.field);
  if (pair.type == "json" || pair.type == "bool" || pair.type == "number") return field;
  if (pair.type == "date" && pair.largest.storage != Cell::Class::text) {
    const std::string seconds = fmt::format("CAST(strftime('%s', {}) AS INTEGER)", field);
    const std::string time = units(pair) == 1 ? seconds : fmt::format("{} * {}", seconds, units(pair));
    return pair.required ? fmt::format("coalesce({}, 0)", time) : time;
  }
  return pair.required ? field : fmt::format("nullif({}, '')", field);
}

std::string record_id(const Rows& rows) {
  std::string id;
  for (const std::string& part : rows.key) {
    id += (id.empty() ? "" : " || '~_' || ") + fmt::format("coalesce({}, '~n')", identifier(part));
  }
  return id;
}

struct Insert {
  std::string columns, values;
  void add(const std::string& column, const std::string& value) {
    columns += (columns.empty() ? "" : ", ") + identifier(column);
    values += (values.empty() ? "" : ", ") + value;
  }
};

std::string insert_records(const Rows& rows, const std::vector<Rows>& all) {
  Insert insert;
  insert.add("id", rows.table == "user" ? "id" : record_id(rows));
  for (const Pair& pair : rows.pairs) insert.add(pair.field, shown(pair));
  std::string from = "a." + identifier(rows.table);
  if (rows.table == "user") {
    insert.add("tokenKey", "lower(hex(randomblob(25)))");
    std::string credentials = "id";
    for (const Pair& pair : all.back().pairs) {
      if (pair.column == "email") continue;
      insert.add(pair.field, pair.column == "password" ? "coalesce(password, '!')" : shown(pair));
      credentials += ", " + identifier(pair.column);
    }
    from += fmt::format(" LEFT JOIN (SELECT {} FROM a.auth) USING (id)", credentials);
  }
  return fmt::format("INSERT INTO b.{} ({}) SELECT {} FROM {}", identifier(rows.collection), insert.columns,
                     insert.values, from);
}

std::string insert_rows(const Rows& rows) {
  Insert insert;
  const auto shows = [](const Pair& pair) { return pair.column == "id"; };
  const bool shows_id = std::any_of(rows.pairs.begin(), rows.pairs.end(), shows);
  const bool has_id = std::find(rows.key.begin(), rows.key.end(), "id") != rows.key.end();
  if (has_id && !shows_id) insert.add("id", rows.key.size() == 1 ? "id" : "substr(id, 1, instr(id, '~_') - 1)");
  for (const Pair& pair : rows.pairs) insert.add(pair.column, returned(pair));
  return fmt::format("INSERT INTO b.{} ({}) SELECT {} FROM a.{}", identifier(rows.table), insert.columns, insert.values,
                     identifier(rows.collection));
}

/// Runs the statements as one durable transaction from `from` (a) to `to` (b). A rollback journal writes each page
/// once, a WAL twice; the cache is as large as the runtime's budget for memory.
double move_rows(const fs::path& from, const fs::path& to, const std::vector<std::string>& statements,
                 bool back_to_wal) {
  const auto start = std::chrono::steady_clock::now();
  {
    SqliteFile file(":memory:");
    file.run("ATTACH ? AS a", {from.string()});
    file.run("ATTACH ? AS b", {to.string()});
    file.execute("PRAGMA b.journal_mode = delete; PRAGMA b.synchronous = full; PRAGMA b.cache_size = -65536");
    file.execute("BEGIN IMMEDIATE");
    for (const std::string& statement : statements) file.execute(statement);
    file.execute("COMMIT");
    if (back_to_wal) file.execute("PRAGMA b.journal_mode = wal");
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

double floor_to_pocketbase(const fs::path& sql, const fs::path& pocketbase) {
  std::vector<std::string> statements;
  const std::vector<Rows> all = matched(sql, pocketbase);
  for (const Rows& rows : all) {
    if (rows.table != "auth") statements.push_back(insert_records(rows, all));
  }
  return move_rows(sql, pocketbase, statements, true);
}

double floor_to_sql(const fs::path& pocketbase, const fs::path& sql, const fs::path& original) {
  std::vector<std::string> statements;
  for (const Rows& rows : matched(original, pocketbase)) statements.push_back(insert_rows(rows));
  return move_rows(pocketbase, sql, statements, false);
}

double floor_tables(const fs::path& source, const fs::path& target) {
  std::vector<std::string> statements;
  SqliteFile file(source, SqliteFile::Mode::read);
  for (const std::string& table : file.tables()) {
    statements.push_back(fmt::format("INSERT OR IGNORE INTO b.{0} SELECT * FROM a.{0}", identifier(table)));
  }
  return move_rows(source, target, statements, false);
}

}  // namespace twoway::bench
