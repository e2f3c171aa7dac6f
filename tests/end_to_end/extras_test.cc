// Rows that only the target has: kept, deleted or a reason not to start, as the operator says.
#include <gtest/gtest.h>

#include "tests/end_to_end/journey.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;

class Extras : public testing::Test {
 protected:
  Extras() : original_(hard(directory_.path())), pocketbase_(directory_ / "pb_data") { carry(original_, pocketbase_); }

  RunReport carry_with(const fs::path& from, const fs::path& to, RunOptions::Extra extra) {
    RunOptions options;
    options.extra = extra;
    return carry(from, to, options);
  }

  TemporaryDirectory directory_{"extras"};
  fs::path original_;
  fs::path pocketbase_;
};

TEST_F(Extras, OfPocketBaseAndItsAtticAreDeletedOnRequest) {
  SqliteFile(original_).execute(
      "DELETE FROM prompt; DELETE FROM forktable; DROP TABLE nopk;"
      "DELETE FROM auth WHERE id NOT IN (SELECT id FROM user)");
  try {
    carry(original_, pocketbase_);
    FAIL() << "it started";
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), ExitStatus::cannot_start);
    const std::string words = error.what();
    EXPECT_NE(words.find(" in prompt, "), std::string::npos) << words;
    EXPECT_NE(words.find(" in the attic"), std::string::npos) << words;
  }
  const RunReport run = carry_with(original_, pocketbase_, RunOptions::Extra::remove);
  expect_faithful(run);
  EXPECT_NE(run.backup, "");
  const fs::path returned = directory_ / "returned.db";
  expect_faithful(carry(pocketbase_, returned));
  EXPECT_EQ(differences(original_, returned), "");
}

TEST_F(Extras, OfSqlAreDeletedOnRequest) {
  const fs::path target = directory_ / "target.db";
  fs::copy_file(original_, target);
  SqliteFile(target).execute(
      "INSERT INTO tag SELECT 'extra', 'extra', user_id, NULL FROM tag WHERE user_id IS NOT NULL LIMIT 1;"
      "INSERT INTO user (id, email) VALUES ('extra', 'extra@example.com');"
      "INSERT INTO auth (id, email) VALUES ('extra', 'extra@example.com')");
  expect_faithful(carry_with(pocketbase_, target, RunOptions::Extra::remove));
  EXPECT_EQ(differences(original_, target), "");
}

TEST_F(Extras, AreKeptOnRequest) {
  const fs::path target = directory_ / "target.db";
  fs::copy_file(original_, target);
  SqliteFile(target).execute("INSERT INTO user (id, email) VALUES ('extra', 'extra@example.com')");
  const RunReport run = carry_with(pocketbase_, target, RunOptions::Extra::keep);
  EXPECT_EQ(run.status, ExitStatus::done) << describe(run);
  EXPECT_EQ(SqliteFile(target).integer("SELECT count(*) FROM user WHERE id = 'extra'"), 1);
}

}  // namespace
}  // namespace twoway::test
