// A journal that is damaged: each of its pages zeroed, filled at random, cut off, and each of its bytes changed. It is
// refused with the way out, or read as it was written: never is a run gone on with from somewhere else.
#include "runtime/journal/journal.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "runtime/model/error.h"
#include "tests/faults/scene.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;

/// All that a run goes on with.
std::string read_all(Journal& journal) {
  std::string text;
  const auto run = journal.unfinished();
  if (!run) return "no unfinished run";
  text += fmt::format("{} {} {} {} {} {} {} {} {} {}\n", run->id, run->mapping, run->mapping_digest, run->direction,
                      run->from, run->to, run->source_state, run->started, run->backup, run->target_created);
  for (const auto& [entity, point] : journal.resume(run->id)) {
    text += fmt::format("{} {} {} {} {} {} {} {} {} {}\n", entity, point.rows, point.rows_total, point.bytes,
                        point.inserted, point.updated, point.unchanged, point.rejected, point.digest, point.done);
  }
  return text;
}

class DamagedJournal : public testing::Test {
 protected:
  void SetUp() override {
    {
      Journal journal(directory_.path());
      JournalRun run;
      run.mapping = "library", run.mapping_digest = "d1", run.direction = "to_pocketbase";
      run.from = "library.db", run.to = "pb_data", run.source_state = "1 2 3", run.started = "2026-11-21T12:00:00Z";
      run.backup = "backups/before.db";
      journal.start(run);
      for (std::uint64_t i = 1; i <= 120; ++i) note(journal, i);
    }
    whole_ = read_file(file_);
    ASSERT_FALSE(fs::exists(file_.string() + "-wal"));
    Journal journal(directory_.path());
    expected_ = read_all(journal);
    ASSERT_NE(expected_.find("entity-7"), std::string::npos);
  }

  static void note(Journal& journal, std::uint64_t i) {
    Checkpoint point;
    point.entity = fmt::format("entity-{}", i % 9);
    point.rows = i * 1000, point.rows_total = 200000, point.bytes = i * 70000, point.inserted = i * 1000;
    point.digest = fmt::format("{:032x}", i * 0x9E3779B97F4A7C15U);
    point.noted = "2026-11-21T12:00:01Z";
    journal.note(point);
  }

  /// What is wrong with how a damaged journal is taken.
  std::string open(const std::string& content) {
    for (const char* ending : {"", "-wal", "-shm", "-journal"}) fs::remove(file_.string() + ending);
    std::ofstream(file_, std::ios::binary) << content;
    try {
      Journal journal(directory_.path());
      const std::string found = read_all(journal);
      return found == expected_ ? "" : "it is read as something else:\n" + found.substr(0, 300);
    } catch (const Error& error) {
      ++refused_;
      const bool clear = std::string(error.what()).find("journal.db") != std::string::npos && !error.hint().empty();
      return clear && error.status() == ExitStatus::cannot_start ? "" : fmt::format("in these words: {}", error.what());
    }
  }

  TemporaryDirectory directory_{"journal"};
  fs::path file_ = directory_ / "journal.db";
  std::string whole_;
  std::string expected_;
  std::uint64_t refused_ = 0;
  static constexpr std::size_t page_ = 4096;
};

TEST_F(DamagedJournal, EachPageZeroedOrRandomOrCutOff) {
  std::mt19937_64 random(7);
  Tally tally("a damaged page of the journal");
  ASSERT_GE(whole_.size(), 4 * page_);
  for (std::size_t at = 0; at < whole_.size(); at += page_) {
    const std::string zeroed = std::string(whole_).replace(at, page_, page_, '\0');
    tally.point(fmt::format("page {} zeroed", at / page_), open(zeroed));
    std::string filled = whole_;
    for (std::size_t i = 0; i < page_; ++i) filled[at + i] = static_cast<char>(random());
    tally.point(fmt::format("page {} random", at / page_), open(filled));
    if (at > 0) tally.point(fmt::format("cut off at page {}", at / page_), open(whole_.substr(0, at)));
    tally.point(fmt::format("cut off in page {}", at / page_), open(whole_.substr(0, at + page_ / 3)));
    const std::string other = std::string(whole_).replace(at, page_, whole_, page_, page_);
    if (at != page_) tally.point(fmt::format("page {} is page 1", at / page_), open(other));
  }
  EXPECT_GT(refused_, tally.points() / 2);
  tally.remark(fmt::format("{} refused", refused_));
}

TEST_F(DamagedJournal, EachByteChanged) {
  Tally tally("a changed byte of the journal");
  const std::size_t stride = soak() ? 1 : 17;
  for (std::size_t at = 0; at < whole_.size(); at += stride) {
    std::string changed = whole_;
    changed[at] = static_cast<char>(changed[at] ^ 0x01);
    tally.point(fmt::format("byte {}", at), open(changed));
  }
  EXPECT_GT(refused_, 0U);
  tally.remark(fmt::format("{} refused", refused_));
}

}  // namespace
}  // namespace twoway::test
