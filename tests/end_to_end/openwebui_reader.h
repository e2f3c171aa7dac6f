// Open WebUI's own code, reading a database for a test.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/postgresql_cluster.h"
#include "tests/support/process.h"

namespace twoway::test {

/// Runs tests/openwebui/read_database.py on a copy of the database. Throws where `./dev test` did not install Open
/// WebUI.
ProcessResult read_with_openwebui(const std::filesystem::path& database,
                                  const std::vector<std::string>& arguments = {});

/// The same with a PostgreSQL database, on a copy that is gone afterwards. Nobody may be connected to the database.
/// Answers are comparable to those for a SQLite file where both were asked for with `--any-order`. One is not: the
/// search in chats whose JSON holds \u0000, where Open WebUI fails on PostgreSQL (`--except search_text`).
ProcessResult read_with_openwebui(PostgresqlCluster& cluster, const std::string& database,
                                  const std::vector<std::string>& arguments = {});

/// How many rows and calls Open WebUI could not read: the last line of what the reader prints.
int unreadable(const ProcessResult& result);

}  // namespace twoway::test
