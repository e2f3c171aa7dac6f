#include "runtime/store/sql/sqlite_store.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "runtime/model/error.h"
#include "runtime/store/orphans.h"
#include "runtime/store/sql/row_reader.h"
#include "runtime/store/sql/row_writer.h"
#include "runtime/transform/record_id.h"

namespace twoway {

using sqlite::quoted_name;

namespace {
constexpr std::size_t source_cache_bytes = 8 * 1024 * 1024;
constexpr std::size_t target_cache_bytes = 24 * 1024 * 1024;
}  // namespace

SqliteStore::SqliteStore(const Mapping& mapping, const std::filesystem::path& file, Use use)
    : mapping_(mapping),
      use_(use),
      connection_(file, use == Use::source ? sqlite::Access::read_only : sqlite::Access::exclusive,
                  use == Use::source ? source_cache_bytes : target_cache_bytes),
      load_(connection_),
      schema_(sqlite::read_schema(connection_)),
      side_(connection_),
      resolver_(connection_, side_),
      tables_(connection_, schema_, side_),
      attic_(connection_, schema_, side_, tables_, mapping) {
  // An older release lacks much; its revision says it in one line.
  const std::string revision = version();
  if (revision != no_version) refuse_other_version(mapping_, revision, describe());
  check_schema();
  refuse_other_version(mapping_, revision, describe());
  stricter_ = StricterColumns(mapping_, sql_sqlite::table_facts(schema_));
  if (use == Use::source) connection_.execute("BEGIN");  // one snapshot for the whole run
}

void SqliteStore::check_schema() {
  for (const sqlite::LiveTable* table : attic_.unknown_tables()) {
    if (!table->is_virtual) continue;
    throw cannot_start(fmt::format("{} holds the virtual table {}", describe(), table->name),
                       "Virtual tables cannot be carried row by row. Drop it, or name it in the mapping's `purge:`.");
  }
  refuse_other_schema(mapping_, sql_sqlite::table_facts(schema_), describe());
}

std::string SqliteStore::version() {
  if (mapping_.version_table.empty()) return {};
  const sqlite::LiveTable* table = schema_.find(mapping_.version_table);
  if (table == nullptr || table->find(mapping_.version_column) == nullptr) return std::string(no_version);
  return connection_.text(
      fmt::format("SELECT {} FROM {}", quoted_name(mapping_.version_column), quoted_name(mapping_.version_table)));
}

std::unique_ptr<RowReader> SqliteStore::read(const Entity& entity) {
  return std::make_unique<sql_sqlite::SqliteRowReader>(connection_, schema_, side_, entity);
}

std::unique_ptr<RowWriter> SqliteStore::write(const Entity& entity) {
  return std::make_unique<sql_sqlite::SqliteRowWriter>(connection_, schema_, side_, entity);
}

bool SqliteStore::find(const Entity& entity, std::span<const Value> key, void* row,
                       std::vector<std::pair<std::string_view, Value>>& unknown) {
  Finder& finder = finders_[&entity];
  if (!finder.statement) {
    finder.unknown = unknown_columns(entity, sql_sqlite::table_facts(schema_));
    std::string sql = select_rows(entity, finder.unknown).text() + " WHERE ";
    for (std::size_t i = 0; i < entity.key.size(); ++i) {
      const Column& column = entity.columns[entity.key[i]];
      sql += fmt::format("{}{} IS ?", i == 0 ? "" : " AND ", qualified(entity, column.table, column.name));
    }
    finder.statement = connection_.prepare(sql);
    finder.unknown_values.resize(finder.unknown.size());
    finder.kept = std::make_unique<sql_sqlite::KeptEntity>(connection_, schema_, side_, entity, finder.unknown);
  }
  finder.statement.reset();
  for (std::size_t i = 0; i < key.size(); ++i) finder.statement.bind(static_cast<int>(i), key[i]);
  unknown.clear();
  if (!finder.statement.step()) return false;
  sql_sqlite::fill_row(finder.statement, entity, row);
  int index = static_cast<int>(entity.columns.size() + entity.joins.size());
  for (Value& value : finder.unknown_values) value = finder.statement.column(index++);
  finder.kept->restore(row, finder.unknown_values);
  for (std::size_t i = 0; i < finder.unknown.size(); ++i) {
    unknown.emplace_back(finder.unknown[i].name, finder.unknown_values[i]);
  }
  return true;
}

std::uint64_t SqliteStore::count_table(std::string_view table) {
  if (schema_.find(table) == nullptr) return 0;
  return tables_.count(table);
}

void SqliteStore::read_orphans(const Entity& entity, const TakeOrphan& take) {
  const OrphanStatement orphans = orphan_statement(mapping_, entity);
  if (orphans.sql.empty()) return;
  sqlite::Statement rows = connection_.prepare(orphans.sql);
  Arena arena;
  while (rows.step()) {
    arena.reset();
    const auto values = [&](std::size_t first, std::size_t count) {
      std::vector<Value> found;
      for (std::size_t i = first; i < first + count; ++i) found.push_back(rows.column(static_cast<int>(i)));
      return found;
    };
    const std::string_view key = record_id::encode(values(0, entity.key.size()), arena);
    for (std::size_t i = 0; i < orphans.relations.size(); ++i) {
      const OrphanStatement::Followed& followed = orphans.relations[i];
      const std::size_t first = orphans.column_of(entity, i);
      if (rows.column(static_cast<int>(first)).as_integer() == 0) continue;
      // The resolver has the last word: it is what the conversion asks.
      const std::vector<Value> parts = values(first + 1, followed.target->key.size());
      if (!resolver_.record_id(*followed.target, parts, arena)) take(*followed.relation, key);
    }
  }
}

std::size_t SqliteStore::adapt(const Entity& entity, void* row) {
  return stricter_.adapt(entity, row, [](const Column& column) {
    switch (column.type) {
      case SqlType::json: return Value::text("null");
      case SqlType::integer:
      case SqlType::boolean:
      case SqlType::datetime:
      case SqlType::real: return Value::integer(0);
      default: return Value::text("");
    }
  });
}

bool SqliteStore::erase(const Entity& entity, std::span<const Value> key) {
  const auto remove = [&](std::string_view table, const std::vector<std::string_view>& columns,
                          std::span<const Value> values) {
    std::vector<std::string> where;
    for (std::string_view column : columns) where.push_back(quoted_name(column) + " IS ?");
    sqlite::Statement statement =
        connection_.prepare(fmt::format("DELETE FROM {} WHERE {}", quoted_name(table), fmt::join(where, " AND ")));
    for (std::size_t i = 0; i < values.size(); ++i) statement.bind(static_cast<int>(i), values[i]);
    if (!statement.execute()) return false;
    return connection_.changes() > 0;
  };
  std::vector<std::string_view> columns;
  for (std::uint16_t index : entity.key) columns.push_back(entity.columns[index].name);
  for (const Join& join : entity.joins) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i] == join.base_column) remove(join.table, {join.column}, key.subspan(i, 1));
    }
  }
  return remove(entity.table, columns, key);
}

std::uint64_t SqliteStore::end_sessions(const Entity& entity, bool all) {
  connection_.execute(end_sessions_statement(entity, all, "lower(hex(randomblob(16)))"));
  return static_cast<std::uint64_t>(connection_.changes());
}

void SqliteStore::start_load(bool empty, std::span<const Entity* const> many_small_rows) {
  std::vector<std::string_view> tables;
  for (const Entity* entity : many_small_rows) tables.push_back(entity->table);
  load_.start(empty, tables);
}

void SqliteStore::finish_load() {
  connection_.reset_statements();
  load_.finish();
  // No ANALYZE: the application never ran one, and with statistics its queries without ORDER BY answer in another
  // order.
  connection_.execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

bool is_empty_sqlite(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error) || std::filesystem::file_size(file, error) == 0) return true;
  sqlite::Connection connection(file, sqlite::Access::read_only, source_cache_bytes);
  return connection.integer("SELECT count(*) FROM sqlite_schema") == 0;
}

void prepare_sqlite(const Mapping& mapping, const std::filesystem::path& file) {
  if (!is_empty_sqlite(file)) {
    throw cannot_start(fmt::format("{} is not empty", file.string()),
                       "`prepare` makes tables in a new or empty file only. Choose another path.");
  }
  sqlite::Connection connection(file, sqlite::Access::create, target_cache_bytes);
  connection.set_journal_mode("wal");
  connection.execute("BEGIN IMMEDIATE");  // all tables or none, whenever the power fails
  for (std::string_view statement : mapping.sqlite_schema) connection.execute(std::string(statement));
  connection.execute("COMMIT");
}

}  // namespace twoway
