// The SQL side in a PostgreSQL database.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/store/entity_columns.h"
#include "runtime/store/postgresql/address.h"
#include "runtime/store/postgresql/attic.h"
#include "runtime/store/postgresql/postgresql_tables.h"
#include "runtime/store/postgresql/record_resolver.h"
#include "runtime/store/postgresql/row_reader.h"
#include "runtime/store/streams.h"

namespace twoway {

class PostgresqlStore : public SqlStore {
 public:
  /// Connects and compares the database with the mapping: every mapped table and column must be there, and the revision
  /// must be the mapping's. Throws Error(cannot_start) with all that is missing, or where another twoway writes to it.
  /// A source is read in one snapshot, over all connections.
  PostgresqlStore(const Mapping& mapping, const postgresql::Address& address, Use use);

  std::string describe() const override { return database_.describe(); }
  std::unique_ptr<RowReader> read(const Entity& entity) override;
  bool find(const Entity& entity, std::span<const Value> key, void* row,
            std::vector<std::pair<std::string_view, Value>>& unknown) override;
  /// Waiting rows included: they are rows of the entity.
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
  Settlement settle_attic(bool all) override { return attic_.settle(all); }
  std::string version() override;
  Tables& tables() override { return tables_; }
  /// Compares what lies in the tables now with what lay in them when the store was opened: the number of rows, and of
  /// each row its place and the transaction that wrote it. So a commit by anybody that inserted, changed or deleted a
  /// row is seen, however it came about; one that is under way is not, nor what changes no row (sequences, rights,
  /// indexes). Rewriting a table (VACUUM FULL, CLUSTER) looks like a change. Reads the tables twice, but not their long
  /// values, and only where the server has begun a transaction that could have written.
  bool changed_since_open() const override;
  /// The same evidence as a text.
  std::string state() const override;
  std::vector<std::string> remarks() override { return stricter_.remarks(); }

  /// Indexes and foreign keys are set aside, see postgresql::BulkLoad; it sees for itself which tables are empty.
  void start_load(bool empty, std::span<const Entity* const> many_small_rows) override;
  void finish_load() override;
  // Rows go over in transactions of their own, on another connection (postgresql::Loader), and whatever else is written
  // is complete by itself: a run that was interrupted goes on wherever it stopped.
  void begin() override {}
  void commit() override {}
  void roll_back() override {}

 private:
  const Mapping& mapping_;
  mutable postgresql::Database database_;
  std::string opened_at_;  // txid_current_snapshot()
  postgresql::PostgresqlTables tables_;
  postgresql::PostgresqlRecordResolver resolver_;
  postgresql::PostgresqlAttic attic_;
  StricterColumns stricter_;
  std::map<const Entity*, std::unique_ptr<postgresql::EntityFinder>> finders_;
  Arena adapted_;  // holds what adapt() put into the row last
};

}  // namespace twoway
