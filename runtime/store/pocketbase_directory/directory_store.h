// The PocketBase side in a data directory (`pb_data`), offline: the same SQLite file that PocketBase uses.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "runtime/store/pocketbase_directory/record_file.h"
#include "runtime/store/sqlite/bulk_load.h"
#include "runtime/store/streams.h"

namespace twoway {

class DirectoryStore : public PocketBaseStore {
 public:
  /// Opens `directory/data.db` and compares it with the mapping: a PocketBase of 0.23 or newer, stopped, and every
  /// mapped collection with its fields. Throws Error(cannot_start).
  DirectoryStore(const Mapping& mapping, const std::filesystem::path& directory, Use use);

  std::string describe() const override { return directory_.string(); }
  std::unique_ptr<RecordReader> read(const Entity& entity) override { return records_.read(entity); }
  std::uint64_t count(const Entity& entity) override { return records_.count(entity); }
  bool exists(const Entity& entity, std::string_view record_id) override {
    return resolver().exists(entity, record_id);
  }
  RowResolver& resolver() override { return records_.resolver(); }
  std::unique_ptr<RecordWriter> write(const Entity& entity) override;
  bool erase(const Entity& entity, std::string_view record_id) override;
  std::unique_ptr<files::FileSide> files(const Entity& entity, const FileField& field,
                                         const files::PutOptions& options) override;
  std::uint64_t renew_token_keys(const Entity& entity) override;
  IdentityCounts link_identities(const Entity& entity, const IsOurs& ours) override;
  IdentityCounts identity_edits(const Entity& entity) override;
  void read_orphans(const Entity& entity, const TakeOrphan& take) override { records_.read_orphans(entity, take); }
  void read_attic(const std::function<void(const AtticEntry&)>& take) override { records_.read_attic(take); }
  Outcome write_attic(const AtticEntry& entry) override;
  std::string attic_id(const AtticEntry& entry) const override;
  std::uint64_t other_attic_entries(const std::unordered_set<std::string>& kept, bool remove) override;
  void start_load(bool empty, std::span<const Entity* const> many_small_rows) override;
  void finish_load() override;
  std::string version() override { return records_.version(); }
  bool changed_since_open() const override { return connection_.changed_since_open(); }
  std::string state() const override { return connection_.opened_as(); }

  void begin() override { connection_.execute("BEGIN IMMEDIATE"); }
  void commit() override { connection_.execute("COMMIT"); }
  void roll_back() override { connection_.execute("ROLLBACK"); }

 private:
  std::filesystem::path directory_;
  RecordFile records_;
  sqlite::Connection& connection_;
  sqlite::BulkLoad load_;
  sqlite::Statement write_attic_;
};

/// True where the directory is missing, or holds a PocketBase without any of the mapping's collections and without
/// users.
bool is_empty_directory(const Mapping& mapping, const std::filesystem::path& directory);

/// Throws Error(cannot_start) where a directory of that name cannot be made or filled: it, or the nearest one above it
/// that exists, must take new files.
void check_writable(const std::filesystem::path& directory);

/// What the PocketBase binary (found as below) says of its version: `pocketbase version 0.40.6`; empty where it says
/// nothing. Throws Error(cannot_start) where there is none.
std::string program_version_of(const std::string& binary);

/// Makes the mapping's collections by running its migrations through the PocketBase binary (`binary`, else $POCKETBASE,
/// else PATH). Throws Error(cannot_start) where there is no binary or it fails.
void prepare_directory(const Mapping& mapping, const std::filesystem::path& directory, const std::string& binary);

}  // namespace twoway
