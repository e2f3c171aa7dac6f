// An interrupted run goes on where its journal says, repeats at most one batch, and says what it skips.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <tuple>

#include "runtime/journal/journal.h"
#include "runtime/journal/state_lock.h"
#include "tests/end_to_end/journey.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/process.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;

std::uint64_t skipped(const RunReport& report) {
  std::uint64_t rows = 0;
  for (const EntityReport& entity : report.entities) rows += entity.skipped;
  return rows;
}

class Resume : public testing::Test {
 protected:
  /// Stops after the batch in which `entity` has `rows` rows.
  RunOptions stopping_at(std::string_view entity, std::uint64_t rows) {
    stop_ = false;
    RunOptions options;
    options.batch_bytes = 20000;
    options.interrupted = &stop_;
    options.progress = [this, entity, rows](const Progress& progress) {
      if (progress.phase == Progress::Phase::migrate && progress.entity == entity && progress.rows >= rows)
        stop_ = true;
    };
    return options;
  }
  RunOptions going_on() {
    RunOptions options;
    options.batch_bytes = 20000;
    options.log = [this](std::string_view, std::string_view text) { log_ += std::string(text) + "\n"; };
    return options;
  }
  std::string failure(const fs::path& from, const fs::path& to, const RunOptions& options = {}) {
    try {
      carry(from, to, options);
      return "it started";
    } catch (const Error& error) {
      EXPECT_EQ(error.status(), ExitStatus::cannot_start);
      std::string words = fmt::format("{}\n{}", error.what(), error.hint());
      for (std::size_t at; (at = words.find(directory_.path().string())) != std::string::npos;) {
        words.replace(at, directory_.path().string().size(), "DIR");
      }
      return words;
    }
  }

  TemporaryDirectory directory_{"resume"};
  std::atomic<bool> stop_{false};
  std::string log_;
};

TEST_F(Resume, EveryDirectionGoesOnAndTheReceiptCountsAllOfIt) {
  const fs::path source = real(directory_.path());
  const fs::path pocketbase = directory_ / "pb_data", returned = directory_ / "returned.db",
                 copy = directory_ / "copy.db", second = directory_ / "pb_second";
  const std::vector<std::tuple<fs::path, fs::path, std::string>> moves{{source, pocketbase, "chat_message"},
                                                                       {pocketbase, returned, "chat_message"},
                                                                       {source, copy, "chat_message"},
                                                                       {pocketbase, second, "chat_message"}};
  for (const auto& [from, to, entity] : moves) {
    const RunReport first = carry(from, to, stopping_at(entity, 305));
    EXPECT_EQ(first.status, ExitStatus::interrupted);
    log_.clear();
    const RunReport then = carry(from, to, going_on());
    expect_faithful(then);
    EXPECT_EQ(then.resumed, first.started) << to;
    EXPECT_GT(skipped(then), 200U) << to;
    EXPECT_NE(log_.find("going on with the run that began " + first.started), std::string::npos) << log_;
    for (const EntityReport& report : then.entities) {
      if (report.attic) continue;
      EXPECT_EQ(report.inserted + report.updated + report.unchanged + report.to_attic, report.read) << report.name;
    }
    const RunReport again = carry(from, to);
    expect_faithful(again);
    EXPECT_EQ(skipped(again), 0U) << "a finished run is not gone on with";
  }
  EXPECT_EQ(differences(source, returned), "");
  EXPECT_EQ(differences(source, copy), "");
}

TEST_F(Resume, ASourceThatChangedIsCarriedAnew) {
  const fs::path source = real(directory_.path());
  EXPECT_EQ(carry(source, directory_ / "pb_data", stopping_at("chat_message", 100)).status, ExitStatus::interrupted);
  SqliteFile(source).execute("UPDATE user SET name = 'another'");
  const RunReport report = carry(source, directory_ / "pb_data", going_on());
  expect_faithful(report);
  EXPECT_EQ(skipped(report), 0U);
  EXPECT_NE(log_.find("but the source has changed since: everything is carried again"), std::string::npos) << log_;
}

TEST_F(Resume, ATargetThatIsGoneIsMadeAnew) {
  const fs::path source = real(directory_.path());
  EXPECT_EQ(carry(source, directory_ / "copy.db", stopping_at("chat_message", 100)).status, ExitStatus::interrupted);
  fs::remove(directory_ / "copy.db");
  const RunReport report = carry(source, directory_ / "copy.db", going_on());
  expect_faithful(report);
  EXPECT_EQ(skipped(report), 0U);
}

TEST_F(Resume, RowsThatWereTakenOutOfTheTargetAreCarriedAgain) {
  const fs::path source = real(directory_.path());
  EXPECT_EQ(carry(source, directory_ / "copy.db", stopping_at("chat_message", 305)).status, ExitStatus::interrupted);
  SqliteFile(directory_ / "copy.db").execute("DELETE FROM chat WHERE rowid < 5");
  expect_faithful(carry(source, directory_ / "copy.db", going_on()));
  EXPECT_EQ(differences(source, directory_ / "copy.db"), "");
}

TEST_F(Resume, AnotherRunInTheSameDirectoryIsRefused) {
  const fs::path source = real(directory_.path());
  const RunReport first = carry(source, directory_ / "copy.db", stopping_at("chat_message", 100));
  const fs::path other = directory_ / "other.db";
  fs::copy_file(source, other);
  EXPECT_EQ(
      failure(other, directory_ / "copy.db"),
      "DIR/copy.db.twoway holds an interrupted run between other stores: DIR/real-0.12.4.db -> DIR/copy.db, begun " +
          first.started +
          "\nFinish it with the program and the command that began it, name another directory with --state, or "
          "give it up with --restart.");
  RunOptions restart;
  restart.restart = true;
  const RunReport report = carry(other, directory_ / "copy.db", restart);
  expect_faithful(report);
  EXPECT_TRUE(fs::exists(directory_ / "copy.db.twoway" / "journal-1.db"));
}

TEST_F(Resume, TwoRunsAtOnceAreRefused) {
  const fs::path source = real(directory_.path());
  const StateLock lock(directory_ / "copy.db.twoway");
  EXPECT_EQ(
      failure(source, directory_ / "copy.db"),
      fmt::format("another twoway (process {}) works with DIR/copy.db.twoway\nWait for it, or stop it and run the "
                  "same command again.",
                  getpid()));
  EXPECT_FALSE(fs::exists(directory_ / "copy.db"));
}

TEST_F(Resume, ADamagedJournalIsRefusedWhicheverPageItIs) {
  const fs::path source = real(directory_.path());
  const fs::path target = directory_ / "copy.db", journal = directory_ / "copy.db.twoway" / "journal.db";
  EXPECT_EQ(carry(source, target, stopping_at("chat_message", 305)).status, ExitStatus::interrupted);
  const std::string whole = read_file(journal);
  constexpr std::size_t page = 4096;
  ASSERT_GT(whole.size(), 3 * page);
  for (std::size_t at = 0; at < whole.size(); at += page) {
    std::string broken = whole;
    broken.replace(at, page, page, '\x5A');
    std::ofstream(journal, std::ios::binary | std::ios::trunc) << broken;
    const std::string words = failure(source, target);
    EXPECT_EQ(words.substr(0, words.find(':')), "the journal DIR/copy.db.twoway/journal.db is damaged") << at / page;
    EXPECT_NE(words.find("Say --restart to set it aside"), std::string::npos);
  }
  std::ofstream(journal, std::ios::binary | std::ios::trunc) << whole.substr(0, whole.size() / 2);
  EXPECT_NE(failure(source, target).find("is damaged"), std::string::npos);
  RunOptions restart;
  restart.restart = true;
  expect_faithful(carry(source, target, restart));
  EXPECT_EQ(differences(source, target), "");
}

TEST_F(Resume, ANewerJournalIsRefused) {
  const fs::path source = real(directory_.path());
  EXPECT_EQ(carry(source, directory_ / "copy.db", stopping_at("chat_message", 100)).status, ExitStatus::interrupted);
  SqliteFile(directory_ / "copy.db.twoway" / "journal.db").execute("PRAGMA user_version = 3");
  EXPECT_EQ(failure(source, directory_ / "copy.db"),
            "the journal DIR/copy.db.twoway/journal.db was written by a newer twoway (format 3, this one knows 2)\n"
            "Go on with the program that wrote it, or say --restart to carry everything anew.");
}

}  // namespace
}  // namespace twoway::test
