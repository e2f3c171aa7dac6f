// The PocketBase side in a data directory (`pb_data`), offline: the same SQLite file that PocketBase uses.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/store/row_buffer.h"
#include "runtime/store/sqlite/bulk_load.h"
#include "runtime/store/sqlite/schema.h"
#include "runtime/store/streams.h"

namespace twoway {

/// Answers references while records go back to SQL.
class DirectoryRowResolver : public RowResolver {
 public:
  static constexpr std::size_t cache_slots = 1024;

  explicit DirectoryRowResolver(sqlite::Connection& connection) : connection_(connection) {}
  bool row_key(const Entity& target, std::string_view record_id, std::span<Value> key, Arena& arena) override;
  bool exists(const Entity& target, std::string_view record_id) override;

 private:
  struct Slot {
    std::string record_id;
    std::string key;  ///< the key's parts as record_id::encode writes them
    bool used = false;
    bool exists = false;
  };
  struct Target {
    sqlite::Statement find;
    std::vector<Slot> slots{cache_slots};
    std::unique_ptr<RowBuffer> record;
    std::unique_ptr<RowBuffer> row;
    Arena arena;
  };
  Target& target_of(const Entity& entity);
  bool load(const Entity& entity, Target& target, std::string_view record_id, std::string& key);

  sqlite::Connection& connection_;
  std::unordered_map<const Entity*, std::unique_ptr<Target>> targets_;
  std::unordered_map<const Entity*, sqlite::Statement> exists_;
};

class DirectoryStore : public PocketBaseStore {
 public:
  /// Opens `directory/data.db` and compares it with the mapping: a PocketBase of 0.23 or newer, stopped, and every
  /// mapped collection with its fields. Throws Error(cannot_start).
  DirectoryStore(const Mapping& mapping, const std::filesystem::path& directory, Use use);

  std::string describe() const override { return directory_.string(); }
  std::unique_ptr<RecordReader> read(const Entity& entity) override;
  std::uint64_t count(const Entity& entity) override;
  bool exists(const Entity& entity, std::string_view record_id) override {
    return resolver_.exists(entity, record_id);
  }
  RowResolver& resolver() override { return resolver_; }
  std::unique_ptr<RecordWriter> write(const Entity& entity) override;
  bool erase(const Entity& entity, std::string_view record_id) override;
  void read_attic(const std::function<void(const AtticEntry&)>& take) override;
  Outcome write_attic(const AtticEntry& entry) override;
  std::string attic_id(const AtticEntry& entry) const override;
  std::uint64_t other_attic_entries(const std::unordered_set<std::string>& kept, bool remove) override;
  void start_load(bool empty, std::span<const Entity* const> many_small_rows) override;
  void finish_load() override;
  std::string version() override;
  bool changed_since_open() const override { return connection_.changed_since_open(); }
  std::string state() const override { return connection_.opened_as(); }

  void begin() override { connection_.execute("BEGIN IMMEDIATE"); }
  void commit() override { connection_.execute("COMMIT"); }
  void roll_back() override { connection_.execute("ROLLBACK"); }

 private:
  void check_collections();

  const Mapping& mapping_;
  std::filesystem::path directory_;
  sqlite::Connection connection_;
  sqlite::BulkLoad load_;
  DirectoryRowResolver resolver_;
  sqlite::Statement write_attic_;
};

/// `SELECT id, fields..., residue, created FROM collection`, without WHERE.
std::string select_records(const Entity& entity);
/// Fills the record struct from such a statement; returns the bytes of its values.
std::size_t fill_record(const sqlite::Statement& statement, const Entity& entity, void* record);

/// True where the directory is missing, or holds a PocketBase without any of the mapping's collections and without
/// users.
bool is_empty_directory(const Mapping& mapping, const std::filesystem::path& directory);

/// Makes the mapping's collections by running its migrations through the PocketBase binary (`binary`, else $POCKETBASE,
/// else PATH). Throws Error(cannot_start) where there is no binary or it fails.
void prepare_directory(const Mapping& mapping, const std::filesystem::path& directory, const std::string& binary);

}  // namespace twoway
