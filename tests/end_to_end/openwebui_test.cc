// Open WebUI's own code reads the database that came back, and sees what it saw before.
#include <gtest/gtest.h>

#include "tests/end_to_end/journey.h"
#include "tests/end_to_end/openwebui_reader.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/places.h"
#include "tests/support/process.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;

class OpenWebui : public testing::TestWithParam<fs::path (*)(const fs::path&)> {};

TEST_P(OpenWebui, SeesTheSameAfterTheRoundTrip) {
  const TemporaryDirectory directory("openwebui");
  const fs::path original = GetParam()(directory.path());
  carry(original, directory / "pb_data");
  const fs::path returned = directory / "returned.db";
  carry(directory / "pb_data", returned);
  const std::string dump = (directory / "original.json").string();
  // What is declared purged is taken out of both first, so that the rest can be compared.
  SqliteFile(original).execute("DELETE FROM oauth_session; UPDATE auth SET session_stamp = NULL;");
  SqliteFile(returned).execute("UPDATE auth SET session_stamp = NULL");
  const ProcessResult before = read_with_openwebui(original, {"--dump", dump});
  ASSERT_EQ(before.status, 0) << before.describe();
  const ProcessResult after = read_with_openwebui(
      returned, {"--expect", dump, "--check-schema", "--sign-in", "admin@example.com", "correct horse battery staple"});
  EXPECT_EQ(after.status, 0) << after.describe();
}

INSTANTIATE_TEST_SUITE_P(Databases, OpenWebui, testing::Values(&real, &upgraded), [](const auto& chosen) {
  return std::string(chosen.index == 0 ? "real" : "upgraded");
});

TEST(OpenWebuiStarts, OnADatabaseThatPrepareMade) {
  const TemporaryDirectory directory("openwebui");
  const fs::path made = directory / "made.db";
  const ProcessResult prepared = run({program("twoway").string(), "prepare", made.string()});
  ASSERT_EQ(prepared.status, 0) << prepared.describe();
  const ProcessResult read = read_with_openwebui(made, {"--check-schema"});
  EXPECT_EQ(read.status, 0) << read.describe();
}

}  // namespace
}  // namespace twoway::test
