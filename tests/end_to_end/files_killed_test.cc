// A run that is killed while it copies files, and run again, ends where an undisturbed one does.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <thread>

#include "tests/end_to_end/journey.h"
#include "tests/end_to_end/uploads.h"
#include "tests/support/places.h"
#include "tests/support/process.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

std::size_t entries(const fs::path& directory) {
  std::error_code error;
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(directory, error), fs::directory_iterator()));
}

/// Starts the same run again and again and kills it when 150 more files have arrived, until one comes through. Returns
/// how many were killed.
int run_until_it_comes_through(const std::vector<std::string>& command, const fs::path& files, const fs::path& log) {
  int killed = 0;
  for (std::size_t most = 1;; most += 150) {
    BackgroundProcess run(command, log);
    while (run.running() && entries(files) < most) std::this_thread::sleep_for(milliseconds(1));
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

std::vector<std::string> command(const fs::path& from, const fs::path& to, const fs::path& uploads) {
  return {program("twoway").string(),
          "migrate",
          "--yes",
          "--no-backup",
          "--quiet",
          "--from",
          from.string(),
          "--to",
          to.string(),
          "--pocketbase",
          pocketbase_program().string(),
          "--files",
          "copy",
          "--uploads",
          uploads.string()};
}

TEST(FilesKilled, AndRunAgainAreTheSameInBothDirections) {
  const TemporaryDirectory directory("killed_files");
  const UploadsWorld world(directory.path());
  SqliteFile(world.database)
      .execute(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600) "
          "INSERT INTO file (id, filename, path, created_at, updated_at) "
          "SELECT 'many-' || i, i || '.txt', '/app/backend/data/uploads/many-' || i, 1, 1 FROM n");
  for (int i = 1; i < 601; ++i) {
    std::ofstream(world.uploads / fmt::format("many-{}", i)) << std::string(static_cast<std::size_t>(i) * 100, 'x');
  }
  const fs::path pocketbase = directory / "pb_data";
  EXPECT_GT(run_until_it_comes_through(command(world.database, pocketbase, world.uploads),
                                       pocketbase / "storage/twoway_file", directory / "log"),
            2);
  const fs::path back = directory / "back";
  EXPECT_GT(run_until_it_comes_through(command(pocketbase, directory / "back.db", back), back, directory / "log"), 2);
  EXPECT_TRUE(files_below(back) == files_below(world.uploads));
  EXPECT_EQ(differences(world.database, directory / "back.db"), "");
  EXPECT_EQ(SqliteFile(pocketbase / "data.db").integer("SELECT count(*) FROM files WHERE file != ''"), 605);
  for (const auto& [name, bytes] : files_below(pocketbase / "storage")) {
    EXPECT_EQ(name.find("twoway-part"), name.npos) << name;
  }
}

}  // namespace
}  // namespace twoway::test
