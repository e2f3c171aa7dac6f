// What twoway keeps for itself was changed, or the source was written to meanwhile: never a success.
#include <gtest/gtest.h>

#include "tests/end_to_end/journey.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;

class Tampering : public testing::Test {
 protected:
  Tampering() : original_(hard(directory_.path())), pocketbase_(directory_ / "pb_data") {}

  TemporaryDirectory directory_{"tampering"};
  fs::path original_;
  fs::path pocketbase_;
};

TEST_F(Tampering, AResidueThatSomebodyEditedIsNamed) {
  carry(original_, pocketbase_);
  SqliteFile(pocketbase_ / "data.db").execute("UPDATE chats SET residue = '[1,2]' WHERE id = 'h2'");
  const RunReport run = carry(pocketbase_, directory_ / "returned.db");
  EXPECT_EQ(run.status, ExitStatus::differences);
  ASSERT_FALSE(run.differences.empty());
  EXPECT_EQ(run.differences[0].entity, "chat");
  EXPECT_EQ(run.differences[0].key, "h2");
  EXPECT_EQ(run.differences[0].column, "residue");
}

TEST_F(Tampering, ABrokenAtticIsNamed) {
  carry(original_, pocketbase_);
  SqliteFile(pocketbase_ / "data.db")
      .execute("UPDATE twoway_attic SET row = 'x' WHERE \"table\" = 'nopk' AND kind = 'row'");
  const RunReport run = carry(pocketbase_, directory_ / "returned.db");
  EXPECT_EQ(run.status, ExitStatus::differences);
  ASSERT_EQ(run.rejected.size(), 4U) << describe(run);
  EXPECT_EQ(run.rejected[0].entity, "nopk");
  EXPECT_EQ(run.rejected[0].reason,
            "the record is not as twoway wrote it; restore it from a backup of PocketBase");
}

TEST_F(Tampering, ASourceThatWasWrittenToMeanwhileIsNoticed) {
  // A database in rollback mode stays locked for writers while it is read; one in WAL mode does not.
  SqliteFile(original_).text("PRAGMA journal_mode = WAL");
  bool written = false;
  RunOptions options;
  options.progress = [&](const Progress& progress) {
    if (written || progress.entity != "chat") return;
    written = true;
    SqliteFile(original_).execute("UPDATE chat SET title = 'meanwhile' WHERE id = 'h1'");
  };
  const RunReport run = carry(original_, pocketbase_, options);
  EXPECT_EQ(run.status, ExitStatus::differences);
  ASSERT_FALSE(run.differences.empty());
  EXPECT_EQ(run.differences.back().entity, "source");
  EXPECT_EQ(run.differences.back().found, "written to by another program");
}

}  // namespace
}  // namespace twoway::test
