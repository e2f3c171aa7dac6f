// SQL to SQL: the application goes on with the copy, so every table, column and row is there, sign-ins too.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/end_to_end/journey.h"
#include "tests/support/compare_databases.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;

/// Differences with nothing left out but our own side table.
std::string all_differences(const fs::path& a, const fs::path& b) {
  CompareOptions options;
  options.ignored_tables = {"twoway_residue"};
  const auto found = compare_databases(a, b, options);
  return found.empty() ? std::string() : describe_differences(found);
}

std::uint64_t written(const RunReport& report) {
  std::uint64_t rows = 0;
  for (const EntityReport& entity : report.entities) rows += entity.inserted + entity.updated;
  return rows;
}

class TableCopy : public testing::Test {
 protected:
  RunReport carry_with(const fs::path& from, const fs::path& to, RunOptions::Extra extra) {
    RunOptions options;
    options.extra = extra;
    return carry(from, to, options);
  }

  TemporaryDirectory directory_{"table_copy"};
};

/// Verifies with a sample that is the same each time, where `how` is one.
RunReport compare_a_part(const fs::path& from, const fs::path& to, Verification how, RunOptions::Extra extra) {
  RunOptions options;
  options.from = from.string();
  options.to = to.string();
  options.verification = how;
  options.sample = 10000;
  options.seed = 7;
  options.extra = extra;
  return verify(mapping_under_test(), options);
}

TEST_F(TableCopy, EverythingArrivesAndASecondRunWritesNothing) {
  for (const fs::path& source : {real(directory_.path()), hard(directory_.path()), upgraded(directory_.path())}) {
    const fs::path copy = directory_ / ("copy-of-" + source.filename().string());
    expect_faithful(carry(source, copy));
    EXPECT_EQ(all_differences(source, copy), "") << source;
    const RunReport again = carry(source, copy);
    expect_faithful(again);
    EXPECT_EQ(written(again), 0U) << source;
    EXPECT_NE(again.backup, "");
    // What is not NULL in this schema but in the source, is kept beside the row and comes back.
    const fs::path returned = directory_ / ("returned-" + source.filename().string());
    expect_faithful(carry(copy, returned));
    EXPECT_EQ(all_differences(source, returned), "") << source;
  }
}

TEST_F(TableCopy, ObjectsAndOddTablesOfAForkAreThere) {
  const fs::path source = hard(directory_.path());
  SqliteFile(source).execute(
      "CREATE TABLE fork_without_rowid (a TEXT, b INTEGER, c, PRIMARY KEY (a, b)) WITHOUT ROWID;"
      "INSERT INTO fork_without_rowid VALUES ('x', 1, 1.5), ('x', 2, NULL), ('y', 1, x'00ff');"
      "CREATE TABLE fork_without_key (a, b);"
      "INSERT INTO fork_without_key VALUES (1, 'one'), (1, 'one'), (NULL, NULL);"
      "CREATE TABLE \"fork of \"\"quotes\"\"\" (\"a b\" TEXT, computed TEXT AS (\"a b\" || '!') STORED);"
      "INSERT INTO \"fork of \"\"quotes\"\"\" VALUES ('q');"
      "CREATE INDEX fork_index ON fork_without_key (a);"
      "CREATE VIEW fork_view AS SELECT count(*) AS chats FROM chat;"
      "ALTER TABLE chat ADD COLUMN fork_column VARCHAR(9); UPDATE chat SET fork_column = id WHERE rowid % 2;");
  const fs::path copy = directory_ / "copy.db";
  expect_faithful(carry(source, copy));
  EXPECT_EQ(all_differences(source, copy), "");
  const std::string objects =
      "SELECT group_concat(type || ' ' || name || ' ' || sql, '; ') FROM (SELECT * FROM sqlite_schema WHERE name LIKE "
      "'fork%' ORDER BY type, name)";
  EXPECT_EQ(SqliteFile(source).text(objects), SqliteFile(copy).text(objects));
  EXPECT_EQ(SqliteFile(copy).text("SELECT type FROM pragma_table_info('chat') WHERE name = 'fork_column'"),
            "VARCHAR(9)");

  // A table without a key is replaced as a whole where it differs.
  SqliteFile(source).execute(
      "INSERT INTO fork_without_key VALUES (2, 'two'); DELETE FROM fork_without_key WHERE a = 1");
  expect_faithful(carry(source, copy));
  EXPECT_EQ(all_differences(source, copy), "");
}

TEST_F(TableCopy, RowsOfTheTargetAloneAreTheOperatorsChoice) {
  const fs::path source = real(directory_.path());
  const fs::path copy = directory_ / "copy.db";
  expect_faithful(carry(source, copy));
  SqliteFile(copy).execute(
      "INSERT INTO oauth_session SELECT 'extra', user_id, provider, token, expires_at, created_at, updated_at "
      "FROM oauth_session LIMIT 1; UPDATE chat SET title = 'edited' WHERE rowid = 1");
  try {
    carry(source, copy);
    FAIL() << "it started";
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), ExitStatus::cannot_start);
    EXPECT_EQ(std::string(error.what()),
              copy.string() + " has rows that " + source.string() + " does not have: 1 in oauth_session");
  }
  const RunReport kept = carry_with(source, copy, RunOptions::Extra::keep);
  EXPECT_EQ(kept.status, ExitStatus::done) << describe(kept);
  EXPECT_EQ(written(kept), 1U);
  EXPECT_EQ(SqliteFile(copy).integer("SELECT count(*) FROM oauth_session WHERE id = 'extra'"), 1);
  expect_faithful(carry_with(source, copy, RunOptions::Extra::remove));
  EXPECT_EQ(all_differences(source, copy), "");
}

TEST_F(TableCopy, VerificationNamesWhatDiffers) {
  const fs::path source = real(directory_.path());
  const fs::path copy = directory_ / "copy.db";
  expect_faithful(carry(source, copy));
  SqliteFile file(copy);
  const std::string chat = file.text("SELECT id FROM chat WHERE rowid = 1");
  const std::string tag = file.text("SELECT id FROM tag WHERE rowid = 1");
  file.execute("UPDATE chat SET pinned = 7 WHERE rowid = 1; DELETE FROM tag WHERE rowid = 1");
  RunOptions options;
  options.from = source.string();
  options.to = copy.string();
  const RunReport report = verify(mapping_under_test(), options);
  EXPECT_EQ(report.status, ExitStatus::differences);
  ASSERT_EQ(report.differences.size(), 3U) << describe(report);
  EXPECT_EQ(report.differences[0].column, "meta.tags[]") << "its tag is gone";
  EXPECT_EQ(report.differences[1].entity, "chat");
  EXPECT_EQ(report.differences[1].key, chat);
  EXPECT_EQ(report.differences[1].column, "pinned");
  EXPECT_EQ(report.differences[1].found, "7");
  EXPECT_EQ(report.differences[2].entity, "tag");
  EXPECT_EQ(report.differences[2].expected, "a row");
}

TEST_F(TableCopy, APartOfTheRowsIsCompared) {
  const fs::path source = real(directory_.path());
  SqliteFile(source).execute("CREATE TABLE fork_without_key (a, b); INSERT INTO fork_without_key VALUES (1, 'one')");
  const fs::path copy = directory_ / "copy.db";
  expect_faithful(carry(source, copy));
  const auto compared = [&](Verification how, RunOptions::Extra extra = RunOptions::Extra::refuse) {
    return compare_a_part(source, copy, how, extra);
  };
  const auto differences = [](const RunReport& report) {
    std::string text;
    for (const Difference& one : report.differences) {
      text += one.entity + " " + one.key + " " + one.column + ": " + one.expected + " -> " + one.found + "\n";
    }
    return text;
  };
  EXPECT_EQ(differences(compared(Verification::sample)), "");
  EXPECT_EQ(differences(compared(Verification::count)), "");

  SqliteFile(copy).execute(
      "INSERT INTO tag SELECT 'alien', name, user_id, meta FROM tag LIMIT 1;"
      "UPDATE chat SET pinned = 7 WHERE id = (SELECT min(id) FROM chat);"
      "DROP TABLE fork_without_key");
  const RunReport sampled = compared(Verification::sample);
  EXPECT_EQ(sampled.status, ExitStatus::differences);
  const std::string said = differences(sampled);
  EXPECT_NE(said.find("pinned: "), std::string::npos) << said;
  EXPECT_NE(said.find(": no row -> a row\n"), std::string::npos) << said;
  const auto shown =
      std::count_if(sampled.samples.begin(), sampled.samples.end(), [](const SampleRow& row) { return !row.equal; });
  EXPECT_EQ(shown, 2);
  EXPECT_EQ(differences(compared(Verification::sample, RunOptions::Extra::keep)).find("no row"), std::string::npos);
  const RunReport counted = compared(Verification::count);
  EXPECT_EQ(counted.status, ExitStatus::differences);
  EXPECT_NE(differences(counted).find("tag"), std::string::npos) << differences(counted);
  const RunReport all = compared(Verification::all);
  EXPECT_NE(differences(all).find("fork_without_key  : a table -> none\n"), std::string::npos) << differences(all);
}

TEST_F(TableCopy, ADryRunWritesNothing) {
  const fs::path source = real(directory_.path());
  RunOptions options;
  options.dry_run = true;
  const RunReport report = carry(source, directory_ / "copy.db", options);
  EXPECT_EQ(report.status, ExitStatus::done);
  EXPECT_FALSE(fs::exists(directory_ / "copy.db"));
}

TEST_F(TableCopy, RowsThatTheTargetRefusesWaitBesideItAndComeBack) {
  const fs::path source = real(directory_.path());
  const fs::path copy = directory_ / "copy.db";
  const fs::path returned = directory_ / "returned.db";
  // A source without the index, as databases before it were.
  SqliteFile(source).execute(
      "CREATE TABLE fork_people (id TEXT PRIMARY KEY, email TEXT);"
      "INSERT INTO fork_people VALUES ('a', 'x@example.com'), ('b', 'X@example.com')");
  expect_faithful(carry(source, copy));
  SqliteFile(copy).execute("DELETE FROM fork_people; CREATE UNIQUE INDEX fork_email ON fork_people (lower(email))");
  const RunReport report = carry(source, copy);
  expect_faithful(report);
  EXPECT_EQ(SqliteFile(copy).integer("SELECT count(*) FROM fork_people"), 1);
  const auto refused = std::find_if(report.notes.begin(), report.notes.end(),
                                    [](const Note& note) { return note.what == Note::What::refused; });
  ASSERT_NE(refused, report.notes.end());
  EXPECT_EQ(refused->subject, "fork_people");
  EXPECT_EQ(refused->text,
            "UNIQUE constraint failed: index 'fork_email'; kept in the side table, comes back on the way back (b)");
  SqliteFile(copy).execute("DROP INDEX fork_email");
  expect_faithful(carry(copy, returned));
  EXPECT_EQ(all_differences(source, returned), "");
}

TEST(RecordCopy, TwoDataDirectoriesHoldTheSameAndCarryItBack) {
  const TemporaryDirectory directory("record_copy");
  const fs::path source = hard(directory.path());
  expect_faithful(carry(source, directory / "pb_data"));
  expect_faithful(carry(directory / "pb_data", directory / "pb_copy"));
  const RunReport again = carry(directory / "pb_data", directory / "pb_copy");
  expect_faithful(again);
  EXPECT_EQ(written(again), 0U);
  expect_faithful(carry(directory / "pb_copy", directory / "returned.db"));
  EXPECT_EQ(differences(source, directory / "returned.db"), "");

  SqliteFile(directory / "pb_copy" / "data.db").execute("UPDATE chats SET title = title || '!' WHERE rowid = 1");
  RunOptions options;
  options.from = (directory / "pb_data").string();
  options.to = (directory / "pb_copy").string();
  const RunReport report = verify(mapping_under_test(), options);
  EXPECT_EQ(report.status, ExitStatus::differences);
  ASSERT_EQ(report.differences.size(), 1U);
  EXPECT_EQ(report.differences[0].entity, "chat");
}

TEST(RecordCopy, APartOfTheRecordsIsCompared) {
  const TemporaryDirectory directory("record_copy");
  expect_faithful(carry(real(directory.path()), directory / "pb_data"));
  expect_faithful(carry(directory / "pb_data", directory / "pb_copy"));
  const auto compared = [&](Verification how, RunOptions::Extra extra = RunOptions::Extra::refuse) {
    return compare_a_part(directory / "pb_data", directory / "pb_copy", how, extra);
  };
  const auto differences = [](const RunReport& report) {
    std::string text;
    for (const Difference& one : report.differences)
      text += one.entity + ": " + one.expected + " -> " + one.found + "\n";
    return text;
  };
  for (const Verification how : {Verification::sample, Verification::count, Verification::all}) {
    EXPECT_EQ(differences(compared(how)), "");
  }
  SqliteFile(directory / "pb_copy" / "data.db")
      .execute(
          "UPDATE chats SET title = title || '!' WHERE rowid = 1;"
          "UPDATE tags SET id = substr(id, 1, 14) || 'x' WHERE rowid = 1");
  const RunReport sampled = compared(Verification::sample);
  EXPECT_EQ(sampled.status, ExitStatus::differences);
  EXPECT_NE(differences(sampled).find("chat: "), std::string::npos) << differences(sampled);
  EXPECT_NE(differences(sampled).find("tag: "), std::string::npos) << differences(sampled);
  const RunReport all = compared(Verification::all);
  EXPECT_NE(differences(all).find("tag: no record -> a record\n"), std::string::npos) << differences(all);
  EXPECT_EQ(differences(compared(Verification::all, RunOptions::Extra::keep)).find("no record -> a record"),
            std::string::npos);
  SqliteFile(directory / "pb_copy" / "data.db").execute("DELETE FROM tags WHERE rowid = 1");
  EXPECT_EQ(compared(Verification::count).status, ExitStatus::differences);
}

}  // namespace
}  // namespace twoway::test
