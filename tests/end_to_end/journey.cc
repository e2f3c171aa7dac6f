#include "tests/end_to_end/journey.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "generated/openwebui-pocketbase/mapping.h"
#include "tests/support/places.h"

namespace twoway::test {

RunReport carry(const std::filesystem::path& from, const std::filesystem::path& to, const RunOptions& options) {
  RunOptions full = options;
  full.from = from.string();
  full.to = to.string();
  if (full.pocketbase.empty()) full.pocketbase = pocketbase_program().string();
  return migrate(openwebui_pocketbase::mapping(), full);
}

const Mapping& mapping_under_test() { return openwebui_pocketbase::mapping(); }

std::string differences(const std::filesystem::path& a, const std::filesystem::path& b,
                        const std::set<std::string>& ignored_tables) {
  CompareOptions options;
  options.ignored_tables = ignored_tables;
  options.ignored_tables.insert("oauth_session");
  options.ignored_columns.insert("auth.session_stamp");
  const auto found = compare_databases(a, b, options);
  return found.empty() ? std::string() : describe_differences(found);
}

std::string describe(const RunReport& report) {
  std::string text = fmt::format("status {}\n", static_cast<int>(report.status));
  for (const RejectedRow& row : report.rejected) {
    text += fmt::format("rejected {} {} {}: {}\n", row.entity, row.key, row.column, row.reason);
  }
  for (const Difference& difference : report.differences) {
    text += fmt::format("different {} {} {}: expected {}, found {} ({})\n", difference.entity, difference.key,
                        difference.column, difference.expected, difference.found, difference.position);
  }
  for (const EntityReport& entity : report.entities) {
    if (entity.missing + entity.extra + entity.different == 0) continue;
    text += fmt::format("{}: {} missing, {} extra, {} different\n", entity.name, entity.missing, entity.extra,
                        entity.different);
  }
  return text;
}

void expect_faithful(const RunReport& report) {
  EXPECT_EQ(report.status, ExitStatus::done) << describe(report);
  EXPECT_TRUE(report.verified);
  EXPECT_TRUE(report.rejected.empty()) << describe(report);
  EXPECT_TRUE(report.differences.empty()) << describe(report);
}

}  // namespace twoway::test
