// `twoway backfill`: relations made again from the arrays, and nothing else changed, down to the way back to SQL.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/compare_databases.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/places.h"
#include "tests/support/process.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;

/// A database of Open WebUI, and the same in PocketBase.
class Backfill : public testing::Test {
 protected:
  void SetUp() override { expect_done(twoway({"migrate", "--from", "real-0.12.4.db", "--to", "pb_data", "--quiet"})); }

  ProcessResult twoway(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), program("twoway").string());
    ProcessOptions options;
    options.working_directory = directory_.path();
    options.environment.emplace_back("POCKETBASE", pocketbase_program().string());
    return run(arguments, options);
  }
  static void expect_done(const ProcessResult& result) { EXPECT_EQ(result.status, 0) << result.describe(); }

  fs::path data() const { return directory_ / "pb_data" / "data.db"; }
  std::string relations() const {
    SqliteFile file(data(), SqliteFile::Mode::read);
    return file.text("SELECT group_concat(id || tags, ' ') FROM (SELECT id, tags FROM chats ORDER BY id)");
  }
  /// What an application leaves behind that writes arrays only.
  void keep_only_arrays() const {
    SqliteFile(data()).execute("UPDATE chats SET tags = '[]', residue = json_remove(residue, '$.\"~tags\"')");
  }
  void go_back(const std::string& to) const {
    expect_done(twoway({"migrate", "--from", "pb_data", "--to", to, "--quiet"}));
  }

  TemporaryDirectory directory_{"backfill"};
  const fs::path database_ = real(directory_.path());
};

TEST_F(Backfill, FillsWhatTheArraysSayAndIsDoneOnce) {
  const std::string before = relations();
  go_back("before.db");
  keep_only_arrays();
  EXPECT_EQ(twoway({"backfill", "tags", "pb_data", "--dry-run"}).output,
            "dry run, nothing is written: chats.tags in pb_data: 4 of 14 records got 11 relations to tags\n"
            "noted in 1 record more what the array says\n"
            "3 names in arrays have no record in tags: science, no_such_tag_row, UPPER Case\n"
            "  --create COLUMN makes them, with the name in that column\n");
  EXPECT_NE(relations(), before);
  const ProcessResult filled = twoway({"backfill", "tags", "pb_data"});
  expect_done(filled);
  const std::size_t end = filled.output.find("backup: pb_data.twoway/backups/");
  ASSERT_NE(end, std::string::npos);
  EXPECT_EQ(filled.output.substr(0, end),
            "chats.tags in pb_data: 4 of 14 records got 11 relations to tags\n"
            "noted in 1 record more what the array says\n"
            "3 names in arrays have no record in tags: science, no_such_tag_row, UPPER Case\n"
            "  --create COLUMN makes them, with the name in that column\n");
  EXPECT_TRUE(fs::exists(directory_ / filled.output.substr(end + 8, filled.output.size() - end - 9)));
  EXPECT_EQ(relations(), before);
  const ProcessResult again = twoway({"backfill", "chats.tags", "pb_data", "--json"});
  expect_done(again);
  EXPECT_EQ(again.output,
            "{\n  \"store\": \"pb_data\",\n  \"collection\": \"chats\",\n  \"field\": \"tags\",\n"
            "  \"target\": \"tags\",\n  \"dry_run\": false,\n  \"records\": 14,\n  \"filled\": 0,\n  \"links\": 0,\n"
            "  \"noted\": 0,\n  \"created\": 0,\n  \"unknown\": 3,\n  \"unknown_examples\": [\n    \"science\",\n"
            "    \"no_such_tag_row\",\n    \"UPPER Case\"\n  ],\n  \"rejected\": [],\n  \"backup\": \"\",\n"
            "  \"status\": 0\n}\n");
  go_back("after.db");
  CompareOptions options;
  options.ignored_columns.insert("auth.session_stamp");  // sessions end: each way back makes new ones
  const auto found = compare_databases(directory_ / "before.db", directory_ / "after.db", options);
  EXPECT_TRUE(found.empty()) << describe_differences(found);
}

TEST_F(Backfill, MakesTheRecordsThatNamesHaveNoneOf) {
  SqliteFile(data()).execute("DELETE FROM tags");
  keep_only_arrays();
  const ProcessResult made = twoway({"backfill", "tags", "pb_data", "--create", "name", "--no-backup"});
  expect_done(made);
  EXPECT_EQ(made.output, "chats.tags in pb_data: 5 of 14 records got 14 relations to tags\nmade 14 records in tags\n");
  {
    SqliteFile file(data(), SqliteFile::Mode::read);
    EXPECT_EQ(file.integer("SELECT count(*) FROM tags WHERE name = id_normalized AND id_comp = id_normalized || ':' || "
                           "user_id AND user_id IN (SELECT id FROM users)"),
              14);
    EXPECT_EQ(file.integer("SELECT count(*) FROM chats, json_each(tags) WHERE value NOT IN (SELECT id FROM tags)"), 0);
  }
  EXPECT_EQ(twoway({"backfill", "tags", "pb_data", "--create", "name"}).output,
            "chats.tags in pb_data: 0 of 14 records got 0 relations to tags\n");
}

TEST_F(Backfill, AddsWhatIsNewInAnArrayAndLeavesWhatPeopleTookOut) {
  const auto chat = SqliteFile(data())
                        .rows(
                            "SELECT id, tags ->> 0, user_id, meta ->> '$.tags[0]' FROM chats WHERE "
                            "json_array_length(tags) > 1 LIMIT 1")
                        .at(0);
  SqliteFile(data()).run("UPDATE chats SET tags = json_remove(tags, '$[0]') WHERE id = ?", {chat[0]});
  SqliteFile(data()).run(
      "INSERT INTO tags (id, id_normalized, id_comp, name, user_id) VALUES ('madebyapp000001', 'new', "
      "'new:' || ?1, 'New', ?1)",
      {chat[2]});
  SqliteFile(data()).run("UPDATE chats SET meta = json_insert(meta, '$.tags[#]', 'new') WHERE id = ?", {chat[0]});
  const ProcessResult filled = twoway({"backfill", "tags", "pb_data", "--no-backup"});
  EXPECT_TRUE(filled.output.starts_with("chats.tags in pb_data: 1 of 14 records got 1 relation to tags\n"))
      << filled.describe();
  SqliteFile file(data(), SqliteFile::Mode::read);
  const std::string tags = file.text("SELECT tags FROM chats WHERE id = ?", {chat[0]});
  EXPECT_TRUE(tags.ends_with(",\"madebyapp000001\"]")) << tags;
  EXPECT_EQ(tags.find(chat[1].bytes), std::string::npos) << tags;
  // On the way back, the array has the new name and not the one that was taken out.
  go_back("back.db");
  SqliteFile back(directory_ / "back.db", SqliteFile::Mode::read);
  EXPECT_EQ(back.integer("SELECT count(*) FROM chat, json_each(meta, '$.tags') WHERE chat.id = ? AND value = 'new'",
                         {chat[0]}),
            1);
  EXPECT_EQ(back.integer("SELECT count(*) FROM chat, json_each(meta, '$.tags') WHERE chat.id = ? AND value = ?",
                         {chat[0], chat[3]}),
            0);
}

TEST_F(Backfill, SaysWhatItCannotDo) {
  const auto words = [&](const std::vector<std::string>& arguments) {
    const ProcessResult result = twoway(arguments);
    EXPECT_EQ(result.status, 2) << result.describe();
    return result.errors;
  };
  EXPECT_EQ(words({"backfill", "labels", "pb_data"}),
            "error: the mapping has no mirror labels\nhint: Name one of chats.tags.\n");
  EXPECT_EQ(words({"backfill", "tags", "real-0.12.4.db"}),
            "error: real-0.12.4.db is a SQL database: it has the arrays alone, there is nothing to fill\n"
            "hint: Name a PocketBase: a data directory or a server.\n");
  EXPECT_EQ(words({"backfill", "tags", "pb_data", "--create", "label"}),
            "error: tag has no column label\nhint: --create names the column of the records to be made that gets the "
            "text of the array's item.\n");
  EXPECT_EQ(words({"backfill", "tags", "nowhere"}), "error: nowhere does not exist\nhint: Check the path.\n");
  EXPECT_EQ(words({"backfill", "tags"}), "error: STORE is missing\nhint: twoway backfill --help lists the options\n");
  EXPECT_EQ(words({"backfill"}), "error: NAME is missing\nhint: twoway backfill --help lists the options\n");
}

}  // namespace
}  // namespace twoway::test
