// The SQL side in a SQLite file.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/store/row_buffer.h"
#include "runtime/store/sql/attic.h"
#include "runtime/store/sql/entity_columns.h"
#include "runtime/store/sql/kept_entity.h"
#include "runtime/store/sql/record_resolver.h"
#include "runtime/store/sql/side_table.h"
#include "runtime/store/sql/tables.h"
#include "runtime/store/sqlite/bulk_load.h"
#include "runtime/store/streams.h"

namespace twoway {

class SqliteStore : public SqlStore {
 public:
  /// Opens the file and compares it with the mapping: every mapped table and column must be there, and the revision
  /// must be the mapping's. Throws Error(cannot_start) with all that is missing.
  SqliteStore(const Mapping& mapping, const std::filesystem::path& file, Use use);

  std::string describe() const override { return connection_.file().string(); }
  std::unique_ptr<RowReader> read(const Entity& entity) override;
  bool find(const Entity& entity, std::span<const Value> key, void* row,
            std::vector<std::pair<std::string_view, Value>>& unknown) override;
  std::uint64_t count(const Entity& entity) override { return count_table(entity.table); }
  std::uint64_t count_table(std::string_view table) override;
  RecordResolver& resolver() override { return resolver_; }
  std::unique_ptr<RowWriter> write(const Entity& entity) override;
  std::size_t adapt(const Entity& entity, void* row) override;
  bool erase(const Entity& entity, std::span<const Value> key) override;
  std::uint64_t end_sessions(const Entity& entity, bool all) override;
  void read_orphans(const Entity& entity, const TakeOrphan& take) override;
  void read_attic(const std::function<void(const AtticEntry&)>& take) override { attic_.read(take); }
  Outcome write_attic(const AtticEntry& entry) override { return attic_.write(entry); }
  void start_load(bool empty, std::span<const Entity* const> many_small_rows) override;
  void finish_load() override;
  std::string version() override;
  Tables& tables() override { return tables_; }
  bool changed_since_open() const override { return connection_.changed_since_open(); }
  std::string state() const override { return connection_.opened_as(); }
  std::vector<std::string> remarks() override { return stricter_.remarks(); }

  void begin() override { connection_.execute("BEGIN IMMEDIATE"); }
  void commit() override { connection_.execute("COMMIT"); }
  void roll_back() override { connection_.execute("ROLLBACK"); }

 private:
  void check_schema();

  /// A prepared look-up of one entity.
  struct Finder {
    std::vector<UnknownColumn> unknown;
    std::vector<Value> unknown_values;
    std::unique_ptr<sql_sqlite::KeptEntity> kept;
    sqlite::Statement statement;
  };

  const Mapping& mapping_;
  Use use_;
  sqlite::Connection connection_;
  sqlite::BulkLoad load_;
  sqlite::LiveSchema schema_;
  sql_sqlite::SideTable side_;
  sql_sqlite::SqliteRecordResolver resolver_;
  sql_sqlite::SqliteTables tables_;
  sql_sqlite::SqlAttic attic_;
  std::map<const Entity*, Finder> finders_;
  StricterColumns stricter_;
};

/// Makes the application's tables and its version row in an empty or new file. Throws where there is something already.
void prepare_sqlite(const Mapping& mapping, const std::filesystem::path& file);

/// True where the file does not exist, is empty, or holds no table.
bool is_empty_sqlite(const std::filesystem::path& file);

}  // namespace twoway
