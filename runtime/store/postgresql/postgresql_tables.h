// A PostgreSQL database table by table.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/store/postgresql/bulk_load.h"
#include "runtime/store/postgresql/loader.h"
#include "runtime/store/postgresql/table_reader.h"
#include "runtime/store/tables.h"

namespace twoway::postgresql {

class PostgresqlTableWriter;

class PostgresqlTables : public Tables {
 public:
  PostgresqlTables(Database& database, NulPolicy policy);
  /// Takes tables for there that are not: see rehearsal.h.
  void rehearse(LiveSchema schema) { schema_ = std::move(schema); }

  std::string_view dialect() const override { return "postgresql"; }
  std::vector<TableShape> shapes() override;
  std::vector<TableObject> objects() override;
  std::uint64_t count(std::string_view table) override;
  std::unique_ptr<TableReader> read(const TableShape& shape) override;
  bool find(const TableShape& shape, std::span<const Value> key, std::vector<Value>& values) override;
  std::unique_ptr<TableWriter> write(const TableShape& shape, bool dry_run) override;
  std::uint64_t erase(const TableShape& shape, std::span<const Value> key) override;
  void ensure(const TableShape& shape, bool foreign) override;
  Outcome ensure(const TableObject& object) override;
  void read_side(std::string_view entity, const SideEntry& take) override;
  bool write_side(std::string_view entity, std::string_view key, const Value& document) override;
  /// None: the server enforces its foreign keys, and what it refused is in refused().
  std::vector<Refused> orphans() override { return {}; }
  std::vector<Refused> refused() const override { return refused_.all(); }

  std::uint64_t waits_again(std::string_view table) const override { return load_.waits_again(table); }

  /// A load from start to finish: see BulkLoad.
  void start_load();
  void finish_load();

  /// The same as write(), with entries of the side table that go along.
  std::unique_ptr<PostgresqlTableWriter> open_writer(const TableShape& shape, bool dry_run);
  const LiveSchema& schema() const { return schema_; }
  Database& database() { return database_; }
  NulPolicy policy() const { return policy_; }
  /// What sends batches; of a target.
  Loader& loader() { return *loader_; }
  /// Where what is refused is counted.
  RefusedLog& log() { return refused_; }

 private:
  TableLayout layout(const TableShape& shape) const;
  void read_schema_again();

  Database& database_;
  NulPolicy policy_;
  LiveSchema schema_;
  RefusedLog refused_;
  BulkLoad load_;
  std::unique_ptr<Loader> loader_;  // of a target
  std::map<std::string, std::unique_ptr<RowFinder>> finders_;
  std::uint64_t found_at_ = 0;  // Loader::committed() when the finders were made
};

}  // namespace twoway::postgresql
