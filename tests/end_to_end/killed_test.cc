// A run that is killed at any moment, and run again, ends where an undisturbed one does.
#include <gtest/gtest.h>

#include <csignal>
#include <thread>

#include "tests/end_to_end/journey.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/places.h"
#include "tests/support/process.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

std::vector<std::string> migrate_command(const fs::path& from, const fs::path& to) {
  return {program("twoway").string(), "migrate", "--yes", "--no-backup", "--quiet", "--from", from.string(), "--to",
          to.string(), "--pocketbase", pocketbase_program().string()};
}

/// Starts the same run again and again and kills it a little later each time, until one comes through.
int run_until_it_comes_through(const fs::path& from, const fs::path& to, const fs::path& scratch) {
  int killed = 0;
  for (milliseconds life{5};; life += life / 4) {
    BackgroundProcess run(migrate_command(from, to), scratch / "log");
    std::this_thread::sleep_for(life);
    if (run.running()) {
      run.signal(SIGKILL);
      ++killed;
    }
    const ProcessResult result = run.wait(std::chrono::minutes(2));
    if (result.signal == SIGKILL) continue;
    EXPECT_EQ(result.status, 0) << result.describe() << run.log();
    return killed;
  }
}

TEST(Killed, AndRunAgainGivesTheSameInBothDirections) {
  const TemporaryDirectory directory("killed");
  const fs::path original = hard(directory.path());
  const fs::path pocketbase = directory / "pb_data";
  EXPECT_GT(run_until_it_comes_through(original, pocketbase, directory.path()), 3);
  const fs::path returned = directory / "returned.db";
  EXPECT_GT(run_until_it_comes_through(pocketbase, returned, directory.path()), 3);
  EXPECT_EQ(differences(original, returned), "");
  // The schemas are whole again too: what was set aside for the load is back.
  const fs::path undisturbed = directory / "undisturbed";
  carry(original, undisturbed);
  const std::string objects =
      "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name";
  EXPECT_EQ(SqliteFile(pocketbase / "data.db", SqliteFile::Mode::read).rows(objects),
            SqliteFile(undisturbed / "data.db", SqliteFile::Mode::read).rows(objects));
  EXPECT_EQ(SqliteFile(pocketbase / "data.db").text("PRAGMA journal_mode"), "wal");
}

}  // namespace
}  // namespace twoway::test
