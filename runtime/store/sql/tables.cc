#include "runtime/store/sql/tables.h"

#include <algorithm>

#include <fmt/format.h>

#include "runtime/model/error.h"
#include "runtime/store/sql/kept_entity.h"
#include "runtime/store/sql/table_streams.h"
#include "runtime/store/sqlite/bulk_load.h"

namespace twoway::sql_sqlite {

using sqlite::quoted_name;

namespace {

bool is_our_own(std::string_view table) { return table == side_table_name || table == sqlite::BulkLoad::table; }

/// A type of another database in SQLite's words: what SQLAlchemy declares for it.
std::string_view type_name(SqlType type) {
  switch (type) {
    case SqlType::text: return "TEXT";
    case SqlType::integer: return "BIGINT";
    case SqlType::boolean: return "BOOLEAN";
    case SqlType::json: return "JSON";
    case SqlType::date: return "DATE";
    case SqlType::datetime: return "DATETIME";
    case SqlType::real: return "REAL";
    case SqlType::blob: return "BLOB";
  }
  return "TEXT";
}

std::string column_definition(const TableColumn& column, bool foreign) {
  const std::string type = foreign ? std::string(type_name(column.type)) : column.declared_type;
  return fmt::format("{}{}{}", quoted_name(column.name), type.empty() ? "" : " ", type);
}

std::string create_table(const TableShape& shape) {
  std::string sql = fmt::format("CREATE TABLE {} (", quoted_name(shape.name));
  for (const TableColumn& column : shape.columns) {
    sql += column_definition(column, true) + (column.not_null ? " NOT NULL, " : ", ");
  }
  if (shape.key.empty()) {
    sql.resize(sql.size() - 2);
  } else {
    sql += "PRIMARY KEY (";
    for (const std::size_t index : shape.key) sql += quoted_name(shape.columns[index].name) + ", ";
    sql.resize(sql.size() - 2);
    sql += ")";
  }
  return sql + ")";
}

}  // namespace

std::vector<TableShape> SqliteTables::shapes() {
  std::vector<TableShape> shapes;
  for (const sqlite::LiveTable& table : schema_.tables) {
    if (is_our_own(table.name)) continue;
    if (table.is_virtual) continue;  // the store refuses those that the mapping does not purge
    shapes.push_back(shape_of(connection_, table));
  }
  return shapes;
}

std::vector<TableObject> SqliteTables::objects() {
  std::vector<TableObject> objects;
  for (const sqlite::LiveObject& object : schema_.objects) {
    objects.push_back({object.type, object.name, object.table, object.sql});
  }
  return objects;
}

std::uint64_t SqliteTables::count(std::string_view table) {
  if (schema_.find(table) == nullptr) return 0;
  return static_cast<std::uint64_t>(connection_.integer(fmt::format("SELECT count(*) FROM {}", quoted_name(table)))) +
         side_.count(kept::rows_of(table));
}

std::unique_ptr<TableReader> SqliteTables::read(const TableShape& shape) {
  return std::make_unique<SqliteTableReader>(connection_, side_, shape);
}

std::unique_ptr<TableWriter> SqliteTables::write(const TableShape& shape, bool dry_run) {
  const sqlite::LiveTable* live = schema_.find(shape.name);
  return std::make_unique<SqliteTableWriter>(connection_, side_, shape, live != nullptr && live->without_rowid, dry_run,
                                             refused_);
}

bool SqliteTables::find(const TableShape& shape, std::span<const Value> key, std::vector<Value>& values) {
  Finder& finder = finders_[shape.name];
  if (!finder.kept) {
    finder.kept = std::make_unique<KeptRows>(side_, shape);
    finder.statement = connection_.prepare(select_table(shape) + " WHERE " + where_key(shape));
  }
  finder.arena.reset();
  finder.statement.reset();
  values.assign(shape.columns.size(), Value::null());
  for (std::size_t i = 0; i < key.size(); ++i) {
    finder.statement.bind(static_cast<int>(i), finder.kept->shown(shape.key[i], key[i], finder.arena));
  }
  while (finder.statement.step()) {
    bool equal = true;
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = finder.statement.column(static_cast<int>(i));
    finder.kept->restore(values, finder.arena);
    // SQLite compares after conversion (12 = '12').
    for (std::size_t i = 0; i < key.size(); ++i) equal = equal && same(values[shape.key[i]], key[i]);
    if (equal) return true;
  }
  for (std::size_t i = 0; i < key.size(); ++i) values[shape.key[i]] = key[i];
  return finder.kept->find_waiting(kept::key_text(shape, values, finder.arena), values, finder.arena);
}

std::uint64_t SqliteTables::erase(const TableShape& shape, std::span<const Value> key) {
  if (schema_.find(shape.name) == nullptr) return 0;
  if (shape.key.empty()) {
    execute(fmt::format("DELETE FROM {}", quoted_name(shape.name)));
    return static_cast<std::uint64_t>(connection_.changes());
  }
  sqlite::Statement statement =
      connection_.prepare(fmt::format("DELETE FROM {} WHERE {}", quoted_name(shape.name), where_key(shape)));
  for (std::size_t i = 0; i < key.size(); ++i) statement.bind(static_cast<int>(i), key[i]);
  std::uint64_t rows = statement.execute() ? static_cast<std::uint64_t>(connection_.changes()) : 0;
  std::vector<Value> values(shape.columns.size());
  for (std::size_t i = 0; i < key.size(); ++i) values[shape.key[i]] = key[i];
  Arena arena;
  const std::string_view text = kept::key_text(shape, values, arena);
  side_.write(kept::values_of(shape.name), text, Value::null());
  if (side_.write(kept::rows_of(shape.name), text, Value::null())) ++rows;
  return rows;
}

void SqliteTables::execute(const std::string& sql) {
  sqlite::Statement statement = connection_.prepare(sql);
  if (!statement.execute()) {
    throw Error(ExitStatus::interrupted,
                fmt::format("{}: {}", connection_.file().string(), connection_.last_error()));
  }
}

void SqliteTables::ensure(const TableShape& shape, bool foreign) {
  const sqlite::LiveTable* live = schema_.find(shape.name);
  bool changed = false;
  if (live == nullptr) {
    execute(foreign ? create_table(shape) : shape.sql);
    changed = true;
  } else {
    std::vector<std::string> missing;
    for (const TableColumn& column : shape.columns) {
      if (live->find(column.name) == nullptr) missing.push_back(column_definition(column, foreign));
    }
    for (const std::string& definition : missing) {
      execute(fmt::format("ALTER TABLE {} ADD COLUMN {}", quoted_name(shape.name), definition));
      changed = true;
    }
  }
  if (changed) schema_ = sqlite::read_schema(connection_);
}

Outcome SqliteTables::ensure(const TableObject& object) {
  const auto same_name = [&](const sqlite::LiveObject& other) { return other.name == object.name; };
  if (std::any_of(schema_.objects.begin(), schema_.objects.end(), same_name)) return {};
  sqlite::Statement statement = connection_.prepare(object.sql);
  if (!statement.execute()) return {Written::rejected, {}, connection_.last_error()};
  schema_ = sqlite::read_schema(connection_);
  return {Written::inserted, {}, {}};
}

std::vector<Refused> SqliteTables::orphans() {
  RefusedCounts counts;
  // A key of a mapped table is named, so that a person can look at the row; others by their row id.
  sqlite::Statement violations = connection_.prepare(
      "SELECT v.\"table\", v.rowid, v.parent, k.\"from\" FROM pragma_foreign_key_check AS v "
      "JOIN pragma_foreign_key_list(v.\"table\") AS k ON k.id = v.fkid AND k.seq = 0");
  std::map<std::string, sqlite::Statement> keys;
  while (violations.step()) {
    const std::string table(violations.column(0).bytes());
    const sqlite::LiveTable* live = schema_.find(table);
    if (live == nullptr || is_our_own(table)) continue;
    const TableShape shape = shape_of(connection_, *live);
    std::string key = fmt::format("row {}", violations.column(1).is_integer() ? violations.column(1).as_integer() : 0);
    if (!shape.key.empty() && !live->rowid_name().empty()) {
      sqlite::Statement& find = keys[table];
      if (!find) find = connection_.prepare(select_table(shape) + fmt::format(" WHERE {} = ?", live->rowid_name()));
      find.reset();
      find.bind(0, violations.column(1));
      if (find.step()) {
        std::vector<Value> values(shape.columns.size());
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = find.column(static_cast<int>(i));
        Arena arena;
        key = kept::key_text(shape, values, arena);
      }
    }
    counts.add(table, {},
               fmt::format("{} names no row of {}", violations.column(3).bytes(), violations.column(2).bytes()), key);
  }
  return counts.list();
}

void SqliteTables::read_side(std::string_view entity, const SideEntry& take) {
  sqlite::Statement entries = side_.list(entity);
  while (entries.step()) take(entries.column(0).bytes(), entries.column(1).bytes(), entries.column(2));
}

}  // namespace twoway::sql_sqlite
