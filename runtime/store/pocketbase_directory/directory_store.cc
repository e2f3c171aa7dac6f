#include "runtime/store/pocketbase_directory/directory_store.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "runtime/files/storage_side.h"
#include "runtime/model/error.h"
#include "runtime/store/pocketbase_directory/attic_records.h"
#include "runtime/store/pocketbase_directory/external_identities.h"
#include "runtime/store/pocketbase_directory/record_streams.h"
#include "runtime/store/pocketbase_directory/running.h"

namespace twoway {

namespace fs = std::filesystem;
using sqlite::quoted_name;

namespace {

constexpr std::size_t source_cache_bytes = 8 * 1024 * 1024;
constexpr std::size_t target_cache_bytes = 24 * 1024 * 1024;

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

/// PocketBase may be told to keep its files in an object store; then the directory's are not what it serves.
void refuse_object_store(sqlite::Connection& connection, const fs::path& directory) {
  namespace json = boost::json;
  sqlite::Statement row = connection.prepare("SELECT value FROM _params WHERE id = 'settings'");
  if (!row.step() || !row.column(0).is_text()) return;
  boost::system::error_code error;
  const json::value settings = json::parse(row.column(0).bytes(), error);
  if (error || !settings.is_object()) return;  // encrypted: nobody can tell
  const json::value* s3 = settings.as_object().if_contains("s3");
  const json::value* enabled = s3 != nullptr && s3->is_object() ? s3->as_object().if_contains("enabled") : nullptr;
  if (enabled == nullptr || !enabled->is_bool() || !enabled->as_bool()) return;
  throw cannot_start(fmt::format("{} keeps its files in an object store (S3), not in itself", directory.string()),
                     "Start PocketBase and name its address instead: then files go through it. Or say --files reuse.");
}

}  // namespace

DirectoryStore::DirectoryStore(const Mapping& mapping, const fs::path& directory, Use use)
    : directory_(directory),
      records_(mapping, data_file(directory),
               use == Use::source ? sqlite::Access::read_only : sqlite::Access::exclusive,
               use == Use::source ? source_cache_bytes : target_cache_bytes, directory.string()),
      connection_(records_.connection()),
      load_(connection_) {
  if (use == Use::source) connection_.execute("BEGIN");  // one snapshot for the whole run
}

std::unique_ptr<RecordWriter> DirectoryStore::write(const Entity& entity) {
  return std::make_unique<DirectoryRecordWriter>(connection_, entity);
}

bool DirectoryStore::erase(const Entity& entity, std::string_view record_id) {
  sqlite::Statement statement =
      connection_.prepare(fmt::format("DELETE FROM {} WHERE id = ?", quoted_name(entity.collection)));
  statement.bind(0, Value::text(record_id));
  return statement.execute() && connection_.changes() > 0;
}

std::unique_ptr<files::FileSide> DirectoryStore::files(const Entity& entity, const FileField& field,
                                                       const files::PutOptions& options) {
  refuse_object_store(connection_, directory_);
  const std::string table = quoted_name(entity.collection), column = quoted_name(field.field);
  files::StoredNames names;
  names.get = [get = std::make_shared<sqlite::Statement>(
                   connection_.prepare(fmt::format("SELECT {} FROM {} WHERE id = ?", column, table)))](
                  std::string_view record) -> std::optional<std::string> {
    get->reset();
    get->bind(0, Value::text(record));
    if (!get->step()) return std::nullopt;
    const Value name = get->column(0);
    std::optional<std::string> found = name.is_text() ? std::string(name.bytes()) : std::string();
    get->reset();
    return found;
  };
  names.set = [this, table, column](const std::vector<std::pair<std::string, std::string>>& all) {
    sqlite::Statement set = connection_.prepare(fmt::format("UPDATE {} SET {} = ? WHERE id = ?", table, column));
    begin();
    for (const auto& [record, name] : all) {
      set.bind(0, Value::text(name));
      set.bind(1, Value::text(record));
      set.execute();
    }
    commit();
  };
  return std::make_unique<files::StorageSide>(directory_ / "storage" / entity.collection_id, std::move(names), options);
}

std::uint64_t DirectoryStore::renew_token_keys(const Entity& entity) {
  connection_.execute(fmt::format("UPDATE {} SET \"tokenKey\" = {}", quoted_name(entity.collection), random_token_key));
  return static_cast<std::uint64_t>(connection_.changes());
}

IdentityCounts DirectoryStore::link_identities(const Entity& entity, const IsOurs& ours) {
  ExternalIdentities identities(connection_, entity);
  const std::vector<std::string> gone = identities.superfluous(ours);
  sqlite::Statement remove = connection_.prepare(fmt::format("DELETE FROM {} WHERE id = ?", identities_collection));
  for (const std::string& id : gone) {
    remove.bind(0, Value::text(id));
    remove.execute();
  }
  sqlite::Statement insert = connection_.prepare(fmt::format(
      "INSERT INTO {} ({}) VALUES (?, ?, ?, ?, ?, ?, ?)", identities_collection, fmt::join(identities_columns, ", ")));
  const std::string now = pocketbase_now();
  IdentityCounts counts = identities.missing(ours, {}, [&](const IdentityRow& row) {
    const std::array<std::string_view, identities_columns.size()> values = values_of(row, now);
    for (std::size_t i = 0; i < values.size(); ++i) insert.bind(static_cast<int>(i), Value::text(values[i]));
    if (!insert.execute()) throw Error(ExitStatus::interrupted, connection_.last_error());
  });
  counts.removed = gone.size();
  return counts;
}

IdentityCounts DirectoryStore::identity_edits(const Entity& entity) {
  return ExternalIdentities(connection_, entity).edits();
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
  const std::vector<std::string> others = records_.other_attic_ids(kept);
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
