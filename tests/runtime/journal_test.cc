// The journal and the lock of a state directory, each way they can be found: docs/journal.md.
#include "runtime/journal/journal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <fstream>
#include <functional>

#include "runtime/journal/state_lock.h"
#include "runtime/model/error.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway {
namespace {

namespace fs = std::filesystem;

constexpr const char* restart_hint =
    "\nSay --restart to set it aside and carry everything anew; nothing is written twice by that.";

JournalRun sample_run() {
  JournalRun run;
  run.mapping = "shop";
  run.mapping_digest = "m1";
  run.direction = "to_sql";
  run.from = "a";
  run.to = "b";
  run.source_state = "7";
  run.started = "2026-01-02T03:04:05Z";
  run.backup = "kept";
  run.target_created = true;
  return run;
}

Checkpoint sample_checkpoint(const std::string& entity, std::uint64_t rows) {
  return {entity, rows, 90, 1000 + rows, 5, 4, 3, 2, std::string(32, 'd'), rows == 90, "2026-01-02T03:04:06Z"};
}

class JournalFiles : public testing::Test {
 protected:
  /// The words with which `action` refuses to start, with DIR for this test's directory.
  std::string failure(const std::function<void()>& action) const {
    try {
      action();
      return "it went on";
    } catch (const Error& error) {
      EXPECT_EQ(error.status(), ExitStatus::cannot_start);
      std::string words = fmt::format("{}\n{}", error.what(), error.hint());
      for (std::size_t at; (at = words.find(directory_.path().string())) != std::string::npos;) {
        words.replace(at, directory_.path().string().size(), "DIR");
      }
      return words;
    }
  }
  std::string opening() const {
    return failure([&] { Journal{directory_.path()}; });
  }
  std::string reading() const {
    return failure([&] { Journal::read(directory_.path()); });
  }
  fs::path file() const { return directory_ / "journal.db"; }

  test::TemporaryDirectory directory_{"journal"};
};

TEST_F(JournalFiles, ARunComesBackAsItWasNoted) {
  EXPECT_FALSE(Journal::exists(directory_.path()));
  const fs::path place = directory_ / "made" / "on demand";
  std::int64_t id = 0;
  {
    Journal journal(place);
    EXPECT_FALSE(journal.unfinished());
    id = journal.start(sample_run());
    journal.note(sample_checkpoint("book", 40));
    journal.note(sample_checkpoint("book", 90));
    journal.note(sample_checkpoint("author", 10));
    EXPECT_EQ(journal.batches(id), 3U);
    EXPECT_EQ(journal.batches(id + 1), 0U);
  }
  EXPECT_TRUE(Journal::exists(place));
  const std::unique_ptr<Journal> reader = Journal::read(place);
  ASSERT_EQ(reader->runs().size(), 1U);
  const JournalRun run = reader->unfinished().value();
  EXPECT_EQ(run.id, id);
  EXPECT_TRUE(run.is_same(sample_run()));
  EXPECT_EQ(std::tie(run.mapping, run.source_state, run.started, run.finished, run.outcome, run.backup),
            std::make_tuple("shop", "7", "2026-01-02T03:04:05Z", "", "", "kept"));
  EXPECT_TRUE(run.target_created);
  const std::vector<Checkpoint> latest = reader->latest(id);
  ASSERT_EQ(latest.size(), 2U);
  const auto all = [](const Checkpoint& c) {
    return std::make_tuple(c.entity, c.rows, c.rows_total, c.bytes, c.inserted, c.updated, c.unchanged, c.rejected,
                           c.digest, c.done, c.noted);
  };
  EXPECT_EQ(all(latest[0]), all(sample_checkpoint("book", 90)));
  EXPECT_EQ(all(latest[1]), all(sample_checkpoint("author", 10)));
}

TEST_F(JournalFiles, WhatARunWillReadIsNotedBeforehand) {
  using Rows = std::vector<std::pair<std::string, std::uint64_t>>;
  std::int64_t run = 0;
  {
    Journal journal(directory_.path());
    JournalRun retried = sample_run();
    retried.outcome = "retry";
    run = journal.start(retried);
    EXPECT_EQ(journal.unfinished()->outcome, "retry");
    EXPECT_EQ(journal.expected(run), Rows());
    journal.set_expected({{"user", 1}, {"chat", 2}});
    journal.set_expected({{"user", 3}, {"chat", 90}});
    EXPECT_EQ(journal.expected(run), (Rows{{"user", 3}, {"chat", 90}}));
    EXPECT_EQ(journal.expected(run + 1), Rows());
  }
  Journal again(directory_.path());
  again.resume(run);
  again.set_expected({{"user", 4}});
  EXPECT_EQ(again.expected(run), (Rows{{"user", 4}}));
}

TEST_F(JournalFiles, TheNewestBatchIsNotReliedUpon) {
  Journal journal(directory_.path());
  const std::int64_t id = journal.start(sample_run());
  journal.note(sample_checkpoint("author", 10));
  journal.note(sample_checkpoint("book", 40));
  const std::map<std::string, Checkpoint> known = journal.resume(id);
  ASSERT_EQ(known.size(), 1U);
  EXPECT_EQ(known.at("author").rows, 10U);
  journal.finish("ok", "2026-01-02T03:04:07Z");
  EXPECT_FALSE(journal.unfinished());
  EXPECT_EQ(journal.runs()[0].outcome, "ok");
}

TEST_F(JournalFiles, ACommandIsTheSameInAllFourOfItsParts) {
  const JournalRun run = sample_run();
  EXPECT_TRUE(run.is_same(run));
  for (std::string JournalRun::* const part :
       {&JournalRun::mapping_digest, &JournalRun::direction, &JournalRun::from, &JournalRun::to}) {
    JournalRun other = run;
    other.*part += "x";
    EXPECT_FALSE(run.is_same(other));
  }
}

TEST_F(JournalFiles, ARowThatIsNotAsItWasWrittenIsRefused) {
  {
    Journal journal(directory_.path());
    journal.start(sample_run());
    journal.note(sample_checkpoint("book", 40));
  }
  const std::string words =
      fmt::format("the journal DIR/journal.db is damaged: a row in it is not as it was written{}", restart_hint);
  for (const char* damage : {"UPDATE batch SET rows = 41", "UPDATE batch SET rows = 40, digest = x'00'",
                             "UPDATE run SET from_store = 'c'"}) {
    test::SqliteFile(file()).execute(damage);
    EXPECT_EQ(opening(), words) << damage;
    EXPECT_EQ(reading(), words) << damage;
  }
}

TEST_F(JournalFiles, ValuesOfAnotherSortAreNone) {
  Journal journal(directory_.path());
  const std::int64_t run = journal.start(sample_run());
  journal.note(sample_checkpoint("book", 40));
  test::SqliteFile(file()).execute("UPDATE batch SET rows = 'many', digest = x'00'; UPDATE run SET from_store = x'00'");
  EXPECT_EQ(journal.latest(run).at(0).rows, 0U);
  EXPECT_EQ(journal.latest(run).at(0).digest, "");
  EXPECT_EQ(journal.runs().at(0).from, "");
}

TEST_F(JournalFiles, AFileWhereTheDirectoryShouldBe) {
  std::ofstream(directory_ / "file") << "here";
  EXPECT_EQ(failure([&] { Journal{directory_ / "file"}; }),
            "cannot make the state directory DIR/file\nName a directory that can be written to with --state.");
  EXPECT_EQ(failure([&] { StateLock{directory_ / "file"}; }),
            "cannot write to the state directory DIR/file\nName a directory that can be written to with --state.");
}

TEST_F(JournalFiles, WhereThereIsNone) {
  EXPECT_EQ(reading(),
            "DIR holds no journal of a run\nName a state directory: the target's path with .twoway behind it.");
  Journal::set_aside(directory_.path());
  EXPECT_TRUE(fs::is_empty(directory_.path()));
}

TEST_F(JournalFiles, AnEmptyFileIsMadeAJournal) {
  // What a machine leaves that went down at the wrong moment.
  std::ofstream(file()).flush();
  Journal(directory_.path()).start(sample_run());
  EXPECT_EQ(Journal::read(directory_.path())->runs().size(), 1U);
}

TEST_F(JournalFiles, WhatIsNoJournalIsRefused) {
  fs::create_directory(file());
  EXPECT_EQ(opening().substr(0, 38), "the journal DIR/journal.db is damaged:");
  EXPECT_EQ(reading().substr(0, 38), "the journal DIR/journal.db is damaged:");
  fs::remove(file());
  std::ofstream(file()) << "a shopping list";
  EXPECT_EQ(opening().substr(0, 38), "the journal DIR/journal.db is damaged:");
  EXPECT_EQ(reading().substr(0, 38), "the journal DIR/journal.db is damaged:");
  fs::remove(file());
  test::SqliteFile(file(), test::SqliteFile::Mode::create).execute("CREATE TABLE run (id)");
  const std::string other =
      fmt::format("the journal DIR/journal.db is damaged: it is no journal of twoway{}", restart_hint);
  EXPECT_EQ(opening(), other);
  EXPECT_EQ(reading(), other);
}

TEST_F(JournalFiles, AnotherFormatIsLeftAlone) {
  Journal(directory_.path()).start(sample_run());
  for (const auto& [version, age] : {std::pair{1, "an older"}, std::pair{3, "a newer"}}) {
    test::SqliteFile(file()).execute(fmt::format("PRAGMA user_version = {}", version));
    EXPECT_EQ(opening(),
              fmt::format("the journal DIR/journal.db was written by {} twoway (format {}, this one knows 2)\n"
                          "Go on with the program that wrote it, or say --restart to carry everything anew.",
                          age, version));
  }
}

TEST_F(JournalFiles, DamageInsideIsNoticed) {
  Journal(directory_.path()).start(sample_run());
  test::SqliteFile(file()).execute("PRAGMA journal_mode = DELETE");
  {
    // The root page of the index, which is empty: an entry that is not there.
    std::fstream bytes(file(), std::ios::in | std::ios::out | std::ios::binary);
    const std::int64_t page =
        test::SqliteFile(file()).integer("SELECT rootpage FROM sqlite_master WHERE name = 'batch_run'");
    bytes.seekp(static_cast<std::streamoff>((page - 1) * 4096 + 3));
    bytes << std::string("\0\1", 2);
  }
  const std::string words = opening();
  EXPECT_EQ(words.substr(0, 38), "the journal DIR/journal.db is damaged:");
  EXPECT_TRUE(words.ends_with(restart_hint)) << words;
}

TEST_F(JournalFiles, ASchemaThatCannotBeReadIsNoticed) {
  Journal(directory_.path()).start(sample_run());
  test::SqliteFile(file()).execute(
      "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = 'CREATE TABLE run (' WHERE name = 'run'");
  const std::string words = opening();
  EXPECT_EQ(words.substr(0, 38), "the journal DIR/journal.db is damaged:");
  EXPECT_TRUE(words.ends_with(restart_hint)) << words;
}

TEST_F(JournalFiles, SettingAsideTakesWhatLiesBesideIt) {
  for (const char* ending : {"", "-wal", "-shm"}) std::ofstream(file().string() + ending) << "first" << ending;
  Journal::set_aside(directory_.path());
  std::ofstream(file()) << "second";
  Journal::set_aside(directory_.path());
  const auto content = [&](const char* name) {
    std::string text;
    std::ifstream(directory_ / name) >> text;
    return text;
  };
  EXPECT_EQ(content("journal-1.db"), "first");
  EXPECT_EQ(content("journal-1.db-wal"), "first-wal");
  EXPECT_EQ(content("journal-1.db-shm"), "first-shm");
  EXPECT_EQ(content("journal-2.db"), "second");
  EXPECT_FALSE(Journal::exists(directory_.path()));
}

TEST_F(JournalFiles, WhatCannotBeSetAsideIsSaid) {
  // A path that is two bytes too long for the name beside it: 4095 are allowed.
  fs::path deep = directory_.path();
  const std::size_t wanted = 4095 - std::string("/journal.db").size();
  while (deep.string().size() + 201 < wanted) deep /= std::string(200, 'd');
  deep /= std::string(wanted - deep.string().size() - 1, 'e');
  fs::create_directories(deep);
  std::ofstream(deep / "journal.db") << "x";
  const std::string words = failure([&] { Journal::set_aside(deep); });
  EXPECT_TRUE(
      words.ends_with("e/journal.db aside: File name too long\n"
                      "Give yourself write permission on its directory."))
      << words.substr(words.size() - 200);
}

TEST_F(JournalFiles, TheLockNamesItsHolder) {
  EXPECT_EQ(StateLock::holder(directory_.path()), std::nullopt) << "nobody ever worked here";
  {
    const StateLock lock(directory_.path());
    EXPECT_EQ(StateLock::holder(directory_.path()), std::to_string(getpid()));
    const std::string words = fmt::format(
        "another twoway (process {}) works with DIR\nWait for it, or stop it and run "
        "the same command again.",
        getpid());
    EXPECT_EQ(failure([&] { StateLock{directory_.path()}; }), words);
    EXPECT_EQ(failure([&] { StateLock::refuse_held(directory_.path()); }), words);
  }
  EXPECT_EQ(StateLock::holder(directory_.path()), std::nullopt);
  StateLock::refuse_held(directory_.path());
}

TEST_F(JournalFiles, AHolderThatHasNotYetWrittenItsNumberIsUnknown) {
  const int lock = open((directory_ / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  ASSERT_EQ(flock(lock, LOCK_EX), 0);
  EXPECT_EQ(StateLock::holder(directory_.path()), "unknown");
  close(lock);
}

}  // namespace
}  // namespace twoway
