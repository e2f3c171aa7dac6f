// What no mapping names, in a PostgreSQL database: see runtime/store/sql/attic.h for what that is.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/model/entity.h"
#include "runtime/store/attic_entries.h"
#include "runtime/store/postgresql/postgresql_tables.h"
#include "runtime/store/streams.h"

namespace twoway::postgresql {

/// Reads and writes attic entries of one database. Rows of unknown tables go through the table level: what a table
/// cannot hold is kept beside it. A row is named by its key, or by its place where nothing tells rows apart.
///
/// Rows that an entity's own table refused are no attic entries here. PostgreSQL enforces foreign keys, so that rows
/// with dangling references, which are ordinary in SQLite, wait beside their table; they are read as rows of their
/// entity (WaitingEntity). Rows that a joined table refused are attic entries.
class PostgresqlAttic {
 public:
  using Take = std::function<void(const AtticEntry&)>;

  PostgresqlAttic(PostgresqlTables& tables, const Mapping& mapping)
      : tables_(tables), database_(tables.database()), mapping_(mapping) {}

  void read(const Take& take);
  Outcome write(const AtticEntry& entry);
  /// What became of rows that are pending.
  Settlement settle(bool all);

 private:
  using Statements = std::vector<attic_entry::Statement>;

  void read_shapes(const Statements& kept, const Take& take);
  void read_rows(const TableShape& shape, const Take& take);
  void read_joined_orphans(const Entity& entity, const Join& join, const std::set<std::string>& waiting,
                           const Take& take);
  void read_joined_waiting(const Entity& entity, const Join& join, const std::set<std::string>& waiting,
                           const Take& take);
  std::set<std::string> waiting_bases(const Entity& entity, const Join& join);
  void read_objects(const Statements& kept, const Take& take);

  Outcome write_table(const AtticEntry& entry);
  Outcome write_column(const AtticEntry& entry);
  Outcome write_object(const AtticEntry& entry);
  Outcome write_row(const AtticEntry& entry);
  Outcome write_keyless(const TableShape& shape, TableWriter& writer, const AtticEntry& entry,
                        std::span<const Value> values);
  Outcome let_wait(const TableShape& shape, const AtticEntry& entry, std::span<const Value> values);
  bool keep_statement(const AtticEntry& entry);

  PostgresqlTables& tables_;
  Database& database_;
  const Mapping& mapping_;
  std::map<std::string, std::unique_ptr<TableWriter>> writers_;
  /// Rows of tables without key that stood there before, by a hash of all that they hold, and how many.
  std::map<std::string, std::unordered_map<std::string, std::uint64_t>> keyless_;
};

}  // namespace twoway::postgresql
