// Backing out of a migration is one command, and a run can be looked at while it goes on.
#include "runtime/migrate/restore.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <regex>
#include <set>

#include "tests/end_to_end/journey.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/places.h"
#include "tests/support/process.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;

class Restore : public testing::Test {
 protected:
  ProcessResult command(const std::vector<std::string>& words) {
    std::vector<std::string> all{program("twoway").string()};
    all.insert(all.end(), words.begin(), words.end());
    return run(all);
  }
  std::string printed(const ProcessResult& result) {
    std::string text = result.output + result.errors;
    for (std::size_t at; (at = text.find(directory_.path().string())) != std::string::npos;) {
      text.replace(at, directory_.path().string().size(), "DIR");
    }
    return text;
  }

  TemporaryDirectory directory_{"restore"};
};

TEST_F(Restore, ATargetIsAsItWasBeforeTheRun) {
  const fs::path source = real(directory_.path());
  const fs::path target = directory_ / "copy.db", before = directory_ / "before.db";
  carry(source, target);
  SqliteFile(target).execute("UPDATE chat SET title = 'mine'; DELETE FROM note");
  fs::copy_file(target, before);
  const auto group_reads = fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read;
  fs::permissions(target, group_reads);
  const RunReport report = carry(source, target);
  expect_faithful(report);
  EXPECT_NE(differences(before, target), "");
  EXPECT_EQ(fs::status(report.backup).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  const ProcessResult result = command({"restore", (directory_ / "copy.db.twoway").string()});
  EXPECT_EQ(result.status, 0) << result.describe();
  EXPECT_TRUE(
      printed(result).starts_with("DIR/copy.db is as it was before the run; what was there is in "
                                  "DIR/copy.db.twoway/backups/"))
      << printed(result);
  EXPECT_EQ(differences(before, target), "");
  EXPECT_EQ(fs::status(target).permissions(), group_reads);
}

TEST_F(Restore, ADataDirectoryIsAsItWasAndPocketBaseRunsOnIt) {
  const fs::path source = real(directory_.path());
  const fs::path target = directory_ / "pb_data";
  carry(source, target);
  SqliteFile(target / "data.db").execute("UPDATE chats SET title = 'mine'");
  const RunReport report = carry(source, target);
  expect_faithful(report);
  ASSERT_NE(report.backup, "");
  EXPECT_NE(SqliteFile(target / "data.db").text("SELECT title FROM chats"), "mine");
  EXPECT_EQ(command({"restore", (directory_ / "pb_data.twoway").string()}).status, 0);
  EXPECT_EQ(SqliteFile(target / "data.db").text("SELECT DISTINCT title FROM chats"), "mine");
}

/// A backup is as large as the target: a run that is killed again and again may not fill the disk with halves of them.
TEST_F(Restore, HalfABackupOfAKilledRunGoesWithTheNextOne) {
  const fs::path source = real(directory_.path()), target = directory_ / "copy.db";
  carry(source, target);
  const fs::path backups = directory_ / "copy.db.twoway" / "backups", whole = backups / "20260101T000000Z-copy.db";
  fs::create_directories(backups);
  fs::copy_file(target, whole);
  for (const char* ending : {".unfinished", ".unfinished-journal"}) std::ofstream(whole.string() + ending) << "half";
  SqliteFile(target).execute("UPDATE chat SET title = 'mine'");
  const RunReport report = carry(source, target);
  std::set<fs::path> left;
  for (const auto& entry : fs::directory_iterator(backups)) left.insert(entry.path());
  EXPECT_EQ(left, (std::set<fs::path>{whole, report.backup}));
}

TEST_F(Restore, WhatARunMadeIsMovedAway) {
  const fs::path source = real(directory_.path());
  for (const fs::path& target : {directory_ / "copy.db", directory_ / "pb_data"}) {
    carry(source, target);
    const ProcessResult result = command({"restore", target.string() + ".twoway"});
    EXPECT_EQ(result.status, 0) << result.describe();
    EXPECT_FALSE(fs::exists(target));
    EXPECT_FALSE(fs::is_empty(target.string() + ".twoway/backups"));
  }
}

TEST_F(Restore, RefusesWhatItCannotPutBack) {
  const fs::path source = real(directory_.path());
  const fs::path target = directory_ / "copy.db", state = directory_ / "copy.db.twoway";
  EXPECT_EQ(printed(command({"restore", state.string()})),
            "error: DIR/copy.db.twoway does not exist\n"
            "hint: Name a receipt (JSON) or a state directory, for example pb_data.twoway.\n");
  std::ofstream(directory_ / "receipt.json") << "{}";
  EXPECT_EQ(printed(command({"restore", (directory_ / "receipt.json").string()})),
            "error: DIR/receipt.json is no receipt of twoway\n"
            "hint: Name the receipt's JSON file, or the state directory that it lies in.\n");
  carry(source, target);
  SqliteFile(target).execute("DELETE FROM note");
  RunOptions options;
  options.backup = false;
  carry(source, target, options);
  EXPECT_EQ(printed(command({"restore", state.string()})),
            "error: the run into DIR/copy.db made no backup\n"
            "hint: It was told --no-backup. Restore the target from a backup of your own.\n");
  SqliteFile(target).execute("DELETE FROM note");
  const RunReport report = carry(source, target);
  {
    SqliteFile reader(target);
    reader.execute("BEGIN IMMEDIATE");
    EXPECT_EQ(printed(command({"restore", state.string()})),
              "error: DIR/copy.db is in use by end_to_end_tests (process " + std::to_string(getpid()) + ")\n"
              "hint: Stop the application, or close the database browser, and try again.\n");
  }
  const std::string whole = read_file(report.backup);
  std::ofstream(report.backup, std::ios::binary | std::ios::trunc) << whole.substr(0, whole.size() / 2);
  const std::string words = printed(command({"restore", state.string()}));
  EXPECT_NE(words.find("damaged"), std::string::npos) << words;
  EXPECT_EQ(differences(source, target), "") << "nothing was changed";
}

TEST_F(Restore, StatusTellsOfAnInterruptedRun) {
  const fs::path source = real(directory_.path());
  std::atomic<bool> stop{false};
  RunOptions options;
  options.batch_bytes = 20000;
  options.interrupted = &stop;
  options.progress = [&](const Progress& progress) { stop = progress.entity == "chat_message"; };
  carry(source, directory_ / "copy.db", options);
  const std::string text = printed(command({"status", (directory_ / "copy.db.twoway").string()}));
  EXPECT_NE(text.find(": DIR/real-0.12.4.db -> DIR/copy.db, interrupted: the same command goes on\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("\nchat                       14   14       14          0         0\n"), std::string::npos)
      << text;
  EXPECT_TRUE(std::regex_search(text, std::regex("\nconfig +0 +8 +0 +0 +0\n"))) << "what is to come: " << text;
  EXPECT_TRUE(std::regex_search(text, std::regex("\n[0-9]+ of 43[0-9] rows(, [^;]*)?; last batch "))) << text;
  const ProcessResult json = command({"status", "--json", (directory_ / "copy.db.twoway").string()});
  EXPECT_NE(json.output.find("\"name\": \"chat\""), std::string::npos) << json.output;
  EXPECT_EQ(printed(command({"status", (directory_ / "nowhere").string()})),
            "error: DIR/nowhere holds no journal of a run\n"
            "hint: Name a state directory: the target's path with .twoway behind it.\n");
}

}  // namespace
}  // namespace twoway::test
