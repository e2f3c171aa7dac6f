// What the tests of tables share.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/store/postgresql/postgresql_tables.h"
#include "runtime/store/postgresql/table_writer.h"
#include "tests/support/postgresql_cluster.h"

namespace twoway::postgresql {

/// An open database.
struct Opened {
  Database database;
  PostgresqlTables tables;

  Opened(test::PostgresqlCluster& cluster, const std::string& name, Access access = Access::read_write,
         NulPolicy policy = NulPolicy::residue)
      : database(parse_address(cluster.url(name)), access), tables(database, policy) {}

  TableShape shape(std::string_view table) {
    for (const TableShape& candidate : tables.shapes()) {
      if (candidate.name == table) return candidate;
    }
    throw std::runtime_error("no table " + std::string(table));
  }
  /// Writes rows and waits for them.
  Settlement write(std::string_view table, const std::vector<std::vector<Value>>& rows);
  /// Rows as text, one a line, sorted: `i1|tname|n`, in the terms of tagged values.
  std::vector<std::string> read(std::string_view table);
  /// `table column: reason (count)` of each.
  std::vector<std::string> refused();
};

/// A value with its tag, printable: control characters and bytes beyond ASCII as \xNN.
std::string tagged_text(const Value& value);

/// Copies all tables of one database into another, as a migration between two SQL databases does. Returns the totals.
Settlement copy_all(PostgresqlTables& from, PostgresqlTables& to);

/// A database with the real rows, or with the same tables and no rows.
std::string real_database(test::PostgresqlCluster& cluster);
std::string empty_copy_of_real(test::PostgresqlCluster& cluster);

/// Each table's rows, the number and a digest, as the server computes them: equal databases have equal texts.
std::string digest(test::PostgresqlCluster& cluster, const std::string& database);

}  // namespace twoway::postgresql
