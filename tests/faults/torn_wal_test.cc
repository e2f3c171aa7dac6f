// A source whose write-ahead log is cut in the middle of a frame, or has a damaged one. SQLite reads it up to the last
// transaction that is whole; so do we, exactly, and the receipt says what was not read.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>

#include "tests/faults/moves.h"
#include "tests/support/compare_databases.h"
#include "tests/support/places.h"
#include "tests/support/sqlite_file.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

class TornWal : public testing::Test {
 protected:
  /// A library with three transactions in its log, the last of several pages.
  void SetUp() override {
    const fs::path live = directory_ / "live.db";
    fs::copy_file(Library().database(), live);
    SqliteFile database(live);
    database.execute("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0");
    database.execute("UPDATE author SET name = 'first'");
    database.execute("UPDATE author SET name = 'second'");
    database.execute("UPDATE author SET name = 'third'; UPDATE book SET title = hex(zeroblob(4000))");
    file_ = read_file(live);
    log_ = read_file(live.string() + "-wal");
  }

  /// Moves a library with that log into a new database. Returns what is wrong; `warning`: what the receipt says.
  std::string move(const std::string& log, std::string& warning) {
    fs::remove_all(directory_ / "work");
    fs::create_directories(directory_ / "work");
    const fs::path from = directory_ / "work/library.db", expected = directory_ / "work/expected.db",
                   to = directory_ / "work/copy.db";
    for (const fs::path& file : {from, expected}) {
      std::ofstream(file, std::ios::binary) << file_;
      std::ofstream(file.string() + "-wal", std::ios::binary) << log;
    }
    const ProcessResult result = run({program("library_in_small_batches").string(), "migrate", "--json", "--quiet",
                                      "--from", from.string(), "--to", to.string()});
    if (result.status != 0) return result.describe();
    if (read_file(from) != file_ || read_file(from.string() + "-wal") != log) return "the source has changed";
    const auto differences = compare_databases(expected, to);
    if (!differences.empty()) return describe_differences(differences);
    const json::value receipt = json::parse(result.output);
    warning.clear();
    for (const json::value& note : receipt.at("notes").as_array()) {
      if (note.at("what") == "warning") warning = json::value_to<std::string>(note.at("text"));
    }
    return {};
  }

  TemporaryDirectory directory_{"torn"};
  std::string file_;
  std::string log_;
  static constexpr std::size_t header_ = 32;
  static constexpr std::size_t frame_ = 24 + 4096;
};

TEST_F(TornWal, CutInEachFrame) {
  Tally tally("a source's WAL cut off");
  std::string warning;
  tally.point("whole", move(log_, warning));
  EXPECT_EQ(warning, "");
  const std::size_t frames = (log_.size() - header_) / frame_;
  ASSERT_GE(frames, 6U);
  for (std::size_t i = 0; i < frames; ++i) {
    for (const std::size_t more : {std::size_t{10}, std::size_t{2000}}) {
      const std::string problem = move(log_.substr(0, header_ + i * frame_ + more), warning);
      tally.point(fmt::format("in frame {}", i + 1), problem);
      EXPECT_NE(warning.find("library.db-wal ends in the middle of a transaction: "), std::string::npos) << warning;
    }
  }
  EXPECT_EQ(move(log_.substr(0, header_ + frame_ + 10), warning), "");
  EXPECT_EQ(warning,
            "library.db-wal ends in the middle of a transaction: 0 pages of it and a part of one are not read, as if "
            "it had never begun");
}

TEST_F(TornWal, AByteOfEachFrameChanged) {
  Tally tally("a damaged frame of a source's WAL");
  std::string warning;
  const std::size_t frames = (log_.size() - header_) / frame_;
  for (std::size_t i = 0; i < frames; ++i) {
    for (const std::size_t at : {std::size_t{9}, std::size_t{24 + 3000}}) {
      std::string damaged = log_;
      damaged[header_ + i * frame_ + at] ^= 0x10;
      tally.point(fmt::format("frame {}, byte {}", i + 1, at), move(damaged, warning));
      // The last frame with other salts is not this log's any more: nothing tells it from what an older log left.
      if (i + 1 == frames && at == 9) continue;
      EXPECT_NE(warning.find("is damaged"), std::string::npos) << i << " " << at << warning;
    }
  }
  std::string damaged = log_;
  damaged[header_ + 24 + 5] ^= 0x10;
  EXPECT_EQ(move(damaged, warning), "");
  EXPECT_EQ(warning, fmt::format("page 1 of library.db-wal is damaged: it and what follows, {} pages and 4 finished "
                                 "transactions, is not read",
                                 frames));
}

}  // namespace
}  // namespace twoway::test
