// PocketBase's SQLite file `data.db`, read: that of a data directory, or a copy of a server's.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "runtime/store/row_buffer.h"
#include "runtime/store/sqlite/connection.h"
#include "runtime/store/streams.h"

namespace twoway {

/// Throws Error(cannot_start) where the database is none of a PocketBase that this version knows. `name`: for people.
void check_pocketbase(sqlite::Connection& connection, const std::string& name);

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

class RecordFile {
 public:
  /// Opens the file and compares it with the mapping: written by a PocketBase of 0.23 or newer, with every mapped
  /// collection and its fields. `name` is what people know it by. Throws Error(cannot_start).
  RecordFile(const Mapping& mapping, const std::filesystem::path& file, sqlite::Access access, std::size_t cache_bytes,
             const std::string& name);

  std::unique_ptr<RecordReader> read(const Entity& entity);
  std::uint64_t count(const Entity& entity);
  RowResolver& resolver() { return resolver_; }
  /// See PocketBaseStore::read_orphans.
  void read_orphans(const Entity& entity, const std::function<void(const RelationEdge&, std::string_view)>& take);
  void read_attic(const std::function<void(const AtticEntry&)>& take);
  /// The ids of attic entries that are not among `kept`; see PocketBaseStore::other_attic_entries.
  std::vector<std::string> other_attic_ids(const std::unordered_set<std::string>& kept);
  /// The newest of PocketBase's own migrations that were applied to it.
  std::string version();
  sqlite::Connection& connection() { return connection_; }

 private:
  void check_collections(const Mapping& mapping, const std::string& name);

  const Mapping& mapping_;
  sqlite::Connection connection_;
  DirectoryRowResolver resolver_;
};

/// `SELECT id, fields..., residue, created FROM collection`, without WHERE.
std::string select_records(const Entity& entity);
/// Fills the record struct from such a statement; returns the bytes of its values.
std::size_t fill_record(const sqlite::Statement& statement, const Entity& entity, void* record);

}  // namespace twoway
