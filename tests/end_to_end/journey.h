// Runs of the flagship mapping for tests, with what they should leave behind.
#pragma once

#include <filesystem>
#include <string>

#include "runtime/migrate/migration.h"
#include "tests/support/compare_databases.h"

namespace twoway::test {

/// Migrates with the real PocketBase binary; throws what the runtime throws.
RunReport carry(const std::filesystem::path& from, const std::filesystem::path& to, const RunOptions& options = {});
/// The mapping that these tests run.
const Mapping& mapping_under_test();
/// Differences without what the mapping declares purged.
std::string differences(const std::filesystem::path& a, const std::filesystem::path& b,
                        const std::set<std::string>& ignored_tables = {});
/// For failed assertions: status, rejected rows, differences found by verification.
std::string describe(const RunReport& report);

/// What every run that succeeded must say of itself.
void expect_faithful(const RunReport& report);

}  // namespace twoway::test
