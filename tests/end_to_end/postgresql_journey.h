// Runs between stores of which one is a PostgreSQL database of the tests' cluster.
#pragma once

#include <filesystem>
#include <string>

#include "runtime/migrate/migration.h"
#include "tests/support/postgresql_cluster.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {

/// A run with its state in the test's own directory: that of a server would lie in the working directory.
RunReport run(const std::filesystem::path& from, const std::filesystem::path& to,
              const TemporaryDirectory& directory, RunOptions options = {});

/// A new database with the rows that Open WebUI wrote, as it made it.
std::string real_postgresql();

/// Each table's rows without what the mapping purges: their number and a digest, a table a line. `besides`: further
/// tables that are left out.
std::string contents(const std::string& database, const std::string& besides = {});

/// Indexes and constraints, a line each.
std::string indexes_and_constraints(const std::string& database);

/// SQL in a database, as Open WebUI's own role.
inline std::string sql(const std::string& database, std::string_view text) {
  return shared_cluster().sql(database, text);
}

}  // namespace twoway::test
