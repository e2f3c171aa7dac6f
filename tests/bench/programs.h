// Running twoway and others for measurements, each in a process of its own.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/process.h"

namespace twoway::test {
class PostgresqlCluster;
}

namespace twoway::bench {

/// Runs a command that must not end worse than with `highest_status`. What others left to be written to the disk is
/// written first.
test::ProcessResult measured(const std::vector<std::string>& command, const test::ProcessOptions& options = {},
                             int highest_status = 0);

/// Where PocketBase is, for twoway, and patience.
test::ProcessOptions with_pocketbase();

/// `twoway prepare` of a store in a file or directory, which is removed first.
void prepare(const std::string& store);

/// `twoway migrate` into a store that is prepared, quietly and without backups. `state` is removed first.
test::ProcessResult migrate_prepared(const std::string& from, const std::string& to,
                                     const std::filesystem::path& state, bool verify,
                                     const test::ProcessOptions& options = with_pocketbase());

/// Runs `twoway_bench --floor` with these words and gives the seconds that it prints.
double run_floor_apart(const std::vector<std::filesystem::path>& words);

/// A database's URL for the server's superuser.
std::string superuser_url(const test::PostgresqlCluster& cluster, const std::string& database);

}  // namespace twoway::bench
