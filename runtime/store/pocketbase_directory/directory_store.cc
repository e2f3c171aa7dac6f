#include "runtime/store/pocketbase_directory/directory_store.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "runtime/model/error.h"
#include "runtime/store/missing.h"
#include "runtime/store/pocketbase_directory/attic_records.h"
#include "runtime/store/pocketbase_directory/record_streams.h"
#include "runtime/store/pocketbase_directory/running.h"

namespace twoway {

namespace fs = std::filesystem;
using sqlite::quoted_name;

namespace {

constexpr std::size_t source_cache_bytes = 8 * 1024 * 1024;
constexpr std::size_t target_cache_bytes = 24 * 1024 * 1024;
/// The last of the migrations by which PocketBase 0.23 took its present shape (facts: its core/migrations).
constexpr std::string_view shape_migration = "1717233559_v0.23_migrate4.go";

/// Checks that may fail before the file is opened, so that nothing is made beside it.
fs::path data_file(const fs::path& directory) {
  std::error_code error;
  if (!fs::is_directory(directory, error)) {
    throw cannot_start(fmt::format("{} is no PocketBase data directory", directory.string()),
                       "Name the directory that holds data.db, usually pb_data.");
  }
  if (!fs::exists(directory / "data.db", error)) {
    throw cannot_start(fmt::format("{} holds no data.db", directory.string()),
                       "Name the directory that PocketBase was started with (--dir), usually pb_data.");
  }
  refuse_running_pocketbase(directory);
  return directory / "data.db";
}

void check_shape(sqlite::Connection& connection, const fs::path& directory) {
  const bool has_tables = connection.integer(
      "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('_migrations', '_collections')") == 2;
  if (!has_tables) {
    throw cannot_start(
        fmt::format("{} is not a PocketBase database: it has no _collections", connection.file().string()),
        "Name the directory that PocketBase was started with (--dir), usually pb_data.");
  }
  sqlite::Statement applied = connection.prepare("SELECT count(*) FROM _migrations WHERE file = ?");
  applied.bind(0, Value::text(shape_migration));
  const bool new_shape =
      applied.step() && applied.column(0).as_integer() > 0 &&
      connection.integer("SELECT count(*) FROM pragma_table_info('_collections') WHERE name = 'fields'");
  if (!new_shape) {
    throw cannot_start(fmt::format("{} was written by a PocketBase before 0.23", directory.string()),
                       "Start PocketBase 0.23 or newer on it once, so that it upgrades the directory.");
  }
}

}  // namespace

DirectoryStore::DirectoryStore(const Mapping& mapping, const fs::path& directory, Use use)
    : mapping_(mapping),
      directory_(directory),
      connection_(data_file(directory), use == Use::source ? sqlite::Access::read_only : sqlite::Access::exclusive,
                  use == Use::source ? source_cache_bytes : target_cache_bytes),
      load_(connection_),
      resolver_(connection_) {
  check_shape(connection_, directory_);
  check_collections();
  if (use == Use::source) connection_.execute("BEGIN");  // one snapshot for the whole run
}

void DirectoryStore::check_collections() {
  const sqlite::LiveSchema schema = sqlite::read_schema(connection_);
  std::vector<std::string> missing;
  const auto check = [&](std::string_view collection, const std::vector<std::string_view>& fields) {
    const sqlite::LiveTable* live = schema.find(collection);
    if (live == nullptr) {
      missing.push_back(fmt::format("collection {}", collection));
      return;
    }
    for (std::string_view field : fields) {
      if (live->find(field) == nullptr) missing.push_back(fmt::format("field {}.{}", collection, field));
    }
  };
  for (const Entity* entity : mapping_.entities) {
    std::vector<std::string_view> fields{"residue", "created"};
    for (const RecordField& field : entity->fields) fields.push_back(field.name);
    check(entity->collection, fields);
  }
  check(attic_collection, {"table", "kind", "name", "row"});
  refuse_missing(mapping_, describe(), std::move(missing),
                 "Make the collections of a new directory with `twoway prepare`. In one that was made by an older "
                 "mapping, copy the mapping's migration under a new number and let PocketBase apply it (`migrate "
                 "up`).");
}

std::string DirectoryStore::version() {
  return connection_.text("SELECT file FROM _migrations WHERE file LIKE '%.go' ORDER BY file DESC LIMIT 1");
}

std::unique_ptr<RecordReader> DirectoryStore::read(const Entity& entity) {
  return std::make_unique<DirectoryRecordReader>(connection_, entity);
}

std::unique_ptr<RecordWriter> DirectoryStore::write(const Entity& entity) {
  return std::make_unique<DirectoryRecordWriter>(connection_, entity);
}

std::uint64_t DirectoryStore::count(const Entity& entity) {
  return static_cast<std::uint64_t>(
      connection_.integer(fmt::format("SELECT count(*) FROM {}", quoted_name(entity.collection))));
}

bool DirectoryStore::erase(const Entity& entity, std::string_view record_id) {
  sqlite::Statement statement =
      connection_.prepare(fmt::format("DELETE FROM {} WHERE id = ?", quoted_name(entity.collection)));
  statement.bind(0, Value::text(record_id));
  return statement.execute() && connection_.changes() > 0;
}

void DirectoryStore::read_attic(const std::function<void(const AtticEntry&)>& take) {
  // Tables and columns first, then rows, then indexes, triggers and views: the order in which they can be made again.
  sqlite::Statement entries = connection_.prepare(fmt::format(
      "SELECT \"table\", kind, name, row, id FROM {} ORDER BY CASE kind WHEN 'table' THEN 0 WHEN 'column' THEN 1 "
      "WHEN 'row' THEN 2 ELSE 3 END, rowid",
      attic_collection));
  while (entries.step()) {
    const Value table = entries.column(0), kind = entries.column(1), name = entries.column(2), row = entries.column(3);
    AtticEntry entry;
    const auto what = kind.is_text() ? kind_of(kind.bytes()) : std::nullopt;
    const bool whole = what && table.is_text() && name.is_text() && row.is_text() && read_attic_row(row.bytes(), entry);
    entry.what = whole ? *what : AtticEntry::What::broken;
    if (table.is_text()) entry.table = table.bytes();
    entry.name = whole ? name.bytes() : entries.column(4).bytes();
    take(entry);
  }
}

Outcome DirectoryStore::write_attic(const AtticEntry& entry) {
  if (!write_attic_) {
    write_attic_ = connection_.prepare(fmt::format(
        "INSERT INTO {} AS t (id, \"table\", kind, name, row) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
        "row = excluded.row WHERE t.row IS NOT excluded.row",
        attic_collection));
  }
  const std::string id = attic_id(entry);
  const std::string row = attic_row(entry);
  write_attic_.bind(0, Value::text(id));
  write_attic_.bind(1, Value::text(entry.table));
  write_attic_.bind(2, Value::text(kind_name(entry.what)));
  write_attic_.bind(3, Value::text(entry.name));
  write_attic_.bind(4, Value::text(row));
  connection_.clear_last_insert();
  if (!write_attic_.execute()) return {Written::rejected, {}, connection_.last_error()};
  if (connection_.changes() == 0) return {};
  return {connection_.last_insert() != 0 ? Written::inserted : Written::updated, {}, {}};
}

std::string DirectoryStore::attic_id(const AtticEntry& entry) const { return attic_record_id(entry); }

std::uint64_t DirectoryStore::other_attic_entries(const std::unordered_set<std::string>& kept, bool remove) {
  std::vector<std::string> others;
  sqlite::Statement ids = connection_.prepare(
      fmt::format("SELECT id FROM {} WHERE substr(name, 1, {}) != ?", attic_collection, AtticEntry::duplicate.size()));
  ids.bind(0, Value::text(AtticEntry::duplicate));
  while (ids.step()) {
    const Value id = ids.column(0);
    if (id.is_text() && !kept.contains(std::string(id.bytes()))) others.emplace_back(id.bytes());
  }
  if (!remove) return others.size();
  sqlite::Statement erase = connection_.prepare(fmt::format("DELETE FROM {} WHERE id = ?", attic_collection));
  for (const std::string& id : others) {
    erase.bind(0, Value::text(id));
    erase.execute();
  }
  return others.size();
}

void DirectoryStore::start_load(bool empty, std::span<const Entity* const> many_small_rows) {
  std::vector<std::string_view> tables;
  for (const Entity* entity : many_small_rows) tables.push_back(entity->collection);
  load_.start(empty, tables);
}

void DirectoryStore::finish_load() {
  connection_.reset_statements();
  load_.finish();
  connection_.execute("PRAGMA optimize");
  connection_.execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

}  // namespace twoway
