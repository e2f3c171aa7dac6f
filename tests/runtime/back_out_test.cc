// What a run leaves to go back to and to mend: rejected rows, backups, receipts that name both.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "runtime/migrate/rejected_file.h"
#include "runtime/migrate/restore.h"
#include "runtime/model/error.h"
#include "runtime/store/backup_file.h"
#include "tests/runtime/report_sample.h"
#include "tests/support/process.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway {
namespace {

namespace fs = std::filesystem;

void write_file(const fs::path& path, std::string_view text) { std::ofstream(path, std::ios::binary) << text; }

class BackOut : public testing::Test {
 protected:
  /// What `work` gives, or `what | hint` of what it throws, without the directory's name.
  template <class Work>
  std::string what(Work work) const {
    std::string text;
    try {
      text = work();
    } catch (const Error& error) {
      text = std::string(error.what()) + " | " + error.hint();
    }
    const std::string name = directory_.path().string() + "/";
    for (std::size_t at; (at = text.find(name)) != std::string::npos;) text.erase(at, name.size());
    return text;
  }
  std::string restored(const std::string& from, const std::string& to = {}) const {
    return what([&] { return restore({at(from), to, {}, {}}); });
  }
  std::string retried(const std::string& from, const std::string& new_from = {}, const std::string& new_to = {}) const {
    return what([&] {
      RunOptions options;
      options.from = new_from;
      options.to = new_to;
      retry(sample::mapping(), at(from), options);
      return "retried";
    });
  }
  fs::path at(const std::string& name) const { return directory_ / name; }
  /// A database whose one table holds one text.
  void make_database(const std::string& name, const std::string& text) const {
    test::SqliteFile(at(name), test::SqliteFile::Mode::create)
        .execute("CREATE TABLE t (a); INSERT INTO t VALUES ('" + text + "')");
  }
  std::string text_in(const fs::path& file) const {
    return test::SqliteFile(file, test::SqliteFile::Mode::read).text("SELECT a FROM t");
  }
  void make_receipt(const std::string& name, const std::string& target, const std::string& more) const {
    write_file(at(name), fmt::format(R"({{"receipt":"twoway","to":{{"store":"{}"}}{}}})", at(target).string(), more));
  }
  std::size_t files_in(const std::string& directory) const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(at(directory)), fs::directory_iterator()));
  }
  test::TemporaryDirectory directory_{"back_out"};
};

constexpr std::string_view run = "2026-11-21T12:00:00Z";

RejectedLine line(std::string entity, std::string key) {
  return {std::move(entity), "chat", "chats", false, std::move(key), "title", "too long", "{\"id\":\"t:1\"}"};
}

TEST_F(BackOut, RejectedRowsAreReadAsTheyWereWritten) {
  RejectedFile file(directory_.path(), run, false);
  EXPECT_EQ(file.path(), "");
  file.sync();
  EXPECT_EQ(files_in(""), 0u) << "nothing is written before the first row";
  file.add(line("chat", "c1"));
  file.add({"bare", "t", "", true, "\xff\x01", "", "no \xff text", ""});
  file.sync();
  EXPECT_EQ(file.path(), at("rejected-20261121T120000Z.jsonl"));
  EXPECT_EQ(test::read_file(file.path()),
            "{\"run\":\"2026-11-21T12:00:00Z\",\"entity\":\"chat\",\"table\":\"chat\",\"collection\":\"chats\",\"key\":"
            "\"c1\",\"column\":\"title\",\"reason\":\"too long\",\"row\":{\"id\":\"t:1\"}}\n"
            "{\"run\":\"2026-11-21T12:00:00Z\",\"entity\":\"bare\",\"table\":\"t\",\"attic\":true,\"key\":\"~~ff01\","
            "\"column\":\"\",\"reason\":\"~~6e6f20ff2074657874\",\"row\":null}\n");
  EXPECT_EQ(RejectedFile::newest(directory_.path()), file.path());
  EXPECT_EQ(RejectedFile::run_of(file.path()), run);
  const std::vector<RejectedLine> lines = RejectedFile::read(file.path());
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].row, "{\"id\":\"t:1\"}");
  EXPECT_TRUE(lines[1].attic);
  EXPECT_EQ(lines[1].row, "");
  struct stat found{};
  ASSERT_EQ(::stat(file.path().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777u, 0600u);
}

TEST_F(BackOut, ARunThatGoesOnKeepsTheRowsThatStay) {
  {
    RejectedFile first(directory_.path(), run, false);
    for (const char* key : {"c1", "c2", "c3"}) first.add(line("chat", key));
    first.add(line("user", "u1"));
    RejectedLine attic = line("chat", "a1");
    attic.attic = true;
    first.add(attic);
    EXPECT_EQ(first.begin_entity("chat", 3).size(), 3u);
  }
  std::ofstream(at("rejected-20261121T120000Z.jsonl"), std::ios::app) << "{\"run\":\"killed in the mid";
  RejectedFile second(directory_.path(), run, true);
  EXPECT_EQ(second.begin_entity("chat", 2).size(), 2u);
  second.add(line("chat", "c4"));
  second.sync();
  std::string keys;
  for (const RejectedLine& one : RejectedFile::read(second.path())) keys += one.key + " ";
  EXPECT_EQ(keys, "c1 c2 u1 c4 ");
  RejectedFile other(directory_.path(), run, false);
  EXPECT_FALSE(fs::is_symlink(at("rejected.jsonl"))) << "the newest run has none yet";
  other.add(line("chat", "c1"));
  EXPECT_EQ(other.path(), at("rejected-20261121T120000Z-2.jsonl"));
  RejectedFile bare(at(""), "2026-11-22T12:00:00Z", true);
  EXPECT_EQ(bare.path(), "");
  EXPECT_EQ(bare.begin_entity("chat", 0).size(), 0u);
}

TEST_F(BackOut, WhatIsMendedGoesFromTheFile) {
  RejectedFile first(directory_.path(), run, false);
  first.add(line("chat", "c1"));
  first.add(line("chat", "c2"));
  first.sync();
  const fs::path file = first.path();
  RejectedFile half(file, run);
  half.add(line("chat", "c2"));
  EXPECT_EQ(half.begin_entity("chat", 0).size(), 0u);
  EXPECT_EQ(RejectedFile::read(file).size(), 2u) << "not before commit()";
  half.commit();
  EXPECT_EQ(RejectedFile::read(file).size(), 1u);
  RejectedFile whole(file, run);
  whole.commit();
  EXPECT_FALSE(fs::exists(file));
  EXPECT_FALSE(fs::is_symlink(at("rejected.jsonl")));
  RejectedFile again(file, run);
  again.commit();
  EXPECT_EQ(RejectedFile::newest(directory_.path()), fs::path());
}

TEST_F(BackOut, LinesThatNobodyWrote) {
  EXPECT_EQ(RejectedFile::read(at("none")).size(), 0u);
  EXPECT_EQ(RejectedFile::run_of(at("none")), "");
  for (const char* text : {"{\n", "7\n", "{}\n", "{\"run\":7}\n", "{\"run\":\"\"}\n"}) {
    write_file(at("rejected.jsonl"), "{\"run\":\"r\"}\n" + std::string(text));
    EXPECT_EQ(what([&] { return std::to_string(RejectedFile::read(at("rejected.jsonl")).size()); }),
              "rejected.jsonl:2 is no line that twoway wrote | Put the file back as it was, or carry everything again "
              "with `twoway migrate`.")
        << text;
  }
  write_file(at("rejected.jsonl"), "{\"run\":\"r\",\"attic\":1,\"row\":[],\"key\":7}\n");
  const std::vector<RejectedLine> lines = RejectedFile::read(at("rejected.jsonl"));
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_FALSE(lines[0].attic);
  EXPECT_EQ(lines[0].row + lines[0].key, "");
}

TEST_F(BackOut, RejectedRowsThatCannotBeWritten) {
  RejectedFile lost(at("none"), run, false);
  EXPECT_EQ(what([&] {
              lost.add(line("chat", "c1"));
              return "added";
            }),
            "cannot write none/rejected-20261121T120000Z.jsonl: No such file or directory | Make room or give yourself "
            "permission, and run the same command again: it goes on where it stopped.");
  fs::create_directories(at("taken/rejected.jsonl/full"));
  RejectedFile taken(at("taken"), run, false);
  EXPECT_EQ(what([&] {
              taken.add(line("chat", "c1"));
              return "added";
            }).substr(0, 52),
            "cannot write taken/rejected.jsonl: Is a directory | ");
}

TEST_F(BackOut, BackupsGetTheirNamesWhenTheyAreWhole) {
  {
    BackupFile half(directory_ / "backups", "20261121T120000Z", "data.db");
    EXPECT_EQ(half.path(), at("backups/20261121T120000Z-data.db.unfinished"));
  }
  EXPECT_EQ(files_in("backups"), 0u);
  for (const char* name : {"20261121T120000Z-data.db", "20261121T120000Z-2-data.db"}) {
    BackupFile whole(directory_ / "backups", "20261121T120000Z", "data.db");
    EXPECT_EQ(whole.finish(), at(std::string("backups/") + name));
  }
  write_file(at("taken"), "x");
  EXPECT_EQ(what([&] {
              BackupFile none(directory_ / "taken", "20261121T120000Z", "data.db");
              return "made";
            }),
            "cannot make the backup taken/20261121T120000Z-data.db.unfinished: Not a directory | Name a directory that "
            "can be written to with --state, or say --no-backup.");
}

TEST_F(BackOut, ReceiptsThatAreNone) {
  const std::string hint = " | Name the receipt's JSON file, or the state directory that it lies in.";
  EXPECT_EQ(restored("none"),
            "none does not exist | Name a receipt (JSON) or a state directory, for example pb_data.twoway.");
  EXPECT_EQ(retried("none"),
            "none does not exist | Name a receipt (JSON) or a state directory, for example pb_data.twoway.");
  for (const char* text : {"", "[]", "{}", "{\"receipt\":7}", "{\"receipt\":\"twoway\"}",
                           "{\"receipt\":\"twoway\",\"to\":7}", "{\"receipt\":\"other\",\"to\":{\"store\":\"x\"}}"}) {
    write_file(at("r.json"), text);
    EXPECT_EQ(restored("r.json"), "r.json is no receipt of twoway" + hint) << text;
    EXPECT_EQ(retried("r.json"), "r.json is no receipt of twoway" + hint) << text;
  }
  write_file(at("r.json"), "{\"receipt\":\"twoway\",\"to\":{\"store\":7}}");
  EXPECT_EQ(retried("r.json"), "r.json is no receipt of twoway" + hint);
}

TEST_F(BackOut, ATargetIsAsItWasBefore) {
  make_database("now.db", "after");
  make_database("backup.db", "before");
  make_receipt("r.json", "now.db", fmt::format(",\"backup\":\"{}\"", at("backup.db").string()));
  const std::string said = restored("r.json");
  EXPECT_TRUE(said.starts_with("now.db is as it was before the run; what was there is in backups/")) << said;
  EXPECT_EQ(text_in(at("now.db")), "before");
  restored("r.json");
  EXPECT_EQ(files_in("backups"), 2u) << "what stands there is never overwritten";
  fs::remove(at("now.db"));
  EXPECT_EQ(restored("r.json"), "now.db is as it was before the run");
  EXPECT_EQ(restored("r.json", at("other.db").string()), "other.db is as it was before the run");
  EXPECT_EQ(text_in(at("other.db")), "before");
}

TEST_F(BackOut, ATargetThatTheRunMadeIsMovedAway) {
  make_database("now.db", "after");
  make_receipt("r.json", "now.db", ",\"target_created\":true");
  const std::string said = restored("r.json");
  EXPECT_TRUE(said.starts_with("now.db was made by the run and is moved away; what was there is in backups/")) << said;
  EXPECT_FALSE(fs::exists(at("now.db")));
  fs::create_directories(at("pb_data/storage"));
  make_database("pb_data/data.db", "after");
  make_receipt("r.json", "pb_data", ",\"target_created\":true");
  EXPECT_TRUE(restored("r.json").starts_with("pb_data was made by the run and is moved away; what was there is in "));
  EXPECT_FALSE(fs::exists(at("pb_data")));
  EXPECT_EQ(files_in("backups"), 2u);
}

TEST_F(BackOut, NothingIsChangedWhereThereIsNoGoodBackup) {
  make_database("now.db", "after");
  for (const char* created : {"", ",\"target_created\":false", ",\"target_created\":1"}) {
    make_receipt("r.json", "now.db", created);
    EXPECT_EQ(restored("r.json"),
              "the run into now.db made no backup | It was told --no-backup. Restore the target "
              "from a backup of your own.");
  }
  make_receipt("r.json", "now.db", fmt::format(",\"backup\":\"{}\"", at("backup.db").string()));
  EXPECT_EQ(restored("r.json"), "the backup backup.db is not there | Nothing was changed.");
  write_file(at("backup.db"), std::string(5000, 'x'));
  EXPECT_NE(restored("r.json").find("backup.db"), std::string::npos);
  EXPECT_EQ(text_in(at("now.db")), "after");
}

TEST_F(BackOut, RetriesAreOfTheSameStoresAndTheSameMapping) {
  const auto receipt = [&](const std::string& from, const std::string& to, const std::string& digest) {
    write_file(at("r.json"), fmt::format(R"({{"receipt":"twoway","from":{{"store":"{}"}},"to":{{"store":"{}"}},
                                         "mapping_digest":"{}","rejected_file":"elsewhere/rejected-1.jsonl"}})",
                                         from, to, digest));
  };
  receipt("a.db", "b.db", "other");
  EXPECT_EQ(retried("r.json"),
            "the run of r.json was made with another mapping | Carry everything with `twoway "
            "migrate`: other rows may go over otherwise, too.");
  receipt("postgresql://u:***@h/d", "b.db", "ab12");
  EXPECT_EQ(retried("r.json"), "the run's store was postgresql://u:***@h/d | Name it once more with --from.");
  receipt("a.db", "postgresql://h/d (schema shop)", "ab12");
  EXPECT_EQ(retried("r.json"), "the run's store was postgresql://h/d (schema shop) | Name it once more with --to.");
  EXPECT_EQ(retried("r.json", "other.db"),
            "the run's store was a.db, not other.db | Name that one with --from, or carry everything with `twoway "
            "migrate`.");
  EXPECT_EQ(retried("r.json", at("moved/a.db").string(), "postgresql://h/e"),
            "the run's store was postgresql://h/d (schema shop), not postgresql://h/e | Name that one with --to, or "
            "carry everything with `twoway migrate`.");
}

}  // namespace
}  // namespace twoway
