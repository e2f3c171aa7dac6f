// SQLite -> PocketBase's directory -> SQLite: every row of every table comes back equal by value and by storage class.
#include <gtest/gtest.h>

#include "runtime/report/verdict.h"
#include "tests/end_to_end/journey.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/process.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;
using report::Totals;
using report::totals;

struct Case {
  const char* name;
  fs::path (*unpack)(const fs::path&);
};

void PrintTo(const Case& value, std::ostream* out) { *out << value.name; }

class RoundTrip : public testing::TestWithParam<Case> {};

TEST_P(RoundTrip, ANewDatabaseIsEqual) {
  const TemporaryDirectory directory("round_trip");
  const fs::path original = GetParam().unpack(directory.path());
  const fs::path pocketbase = directory / "pb_data";
  const RunReport there = carry(original, pocketbase);
  expect_faithful(there);
  const fs::path returned = directory / "returned.db";
  const RunReport back = carry(pocketbase, returned);
  expect_faithful(back);
  EXPECT_EQ(differences(original, returned), "");
  // The receipts' digests of the SQL side agree, entity by entity.
  ASSERT_EQ(there.entities.size(), back.entities.size());
  for (std::size_t i = 0; i < there.entities.size(); ++i) {
    EXPECT_EQ(there.entities[i].name, back.entities[i].name);
    EXPECT_EQ(there.entities[i].digest, back.entities[i].digest) << there.entities[i].name;
  }
}

TEST_P(RoundTrip, ASecondRunWritesNothing) {
  const TemporaryDirectory directory("second_run");
  const fs::path original = GetParam().unpack(directory.path());
  const fs::path pocketbase = directory / "pb_data";
  const Totals first = totals(carry(original, pocketbase));
  EXPECT_EQ(first.inserted, first.read);
  const RunReport again = carry(original, pocketbase);
  expect_faithful(again);
  const Totals second = totals(again);
  EXPECT_EQ(second.inserted, 0U);
  EXPECT_EQ(second.updated, 0U);
  EXPECT_EQ(second.unchanged, second.read);
  // And the same on the way back, into the very database it came from.
  const Totals home = totals(carry(pocketbase, original));
  EXPECT_EQ(home.inserted, 0U);
  EXPECT_EQ(home.updated, 0U);
  EXPECT_EQ(home.unchanged, home.read);
}

TEST_P(RoundTrip, TheSourceIsLeftAsItWas) {
  const TemporaryDirectory directory("source");
  const fs::path original = GetParam().unpack(directory.path());
  const std::string before = read_file(original);
  const fs::path pocketbase = directory / "pb_data";
  carry(original, pocketbase);
  EXPECT_TRUE(read_file(original) == before);
  EXPECT_FALSE(fs::exists(original.string() + "-wal"));
  EXPECT_FALSE(fs::exists(original.string() + "-shm"));
  const std::string data = read_file(pocketbase / "data.db");
  carry(pocketbase, directory / "returned.db");
  EXPECT_TRUE(read_file(pocketbase / "data.db") == data);
}

INSTANTIATE_TEST_SUITE_P(Databases, RoundTrip,
                         testing::Values(Case{"real", &real}, Case{"upgraded", &upgraded}, Case{"hard", &hard},
                                         Case{"fresh", &fresh}),
                         [](const auto& chosen) { return std::string(chosen.param.name); });

/// Deletes every row that a run would bring.
void empty_tables(const fs::path& database) {
  SqliteFile file(database);
  for (const std::string& table : file.tables()) {
    if (table == "alembic_version" || table == "oauth_session") continue;
    file.execute("DELETE FROM " + identifier(table));
  }
}

TEST(OlderShape, AnEmptiedDatabaseOfTheSameBirthIsEqual) {
  const TemporaryDirectory directory("older");
  const fs::path original = upgraded(directory.path());
  carry(original, directory / "pb_data");
  const fs::path target = directory / "emptied.db";
  fs::copy_file(original, target);
  empty_tables(target);
  const RunReport back = carry(directory / "pb_data", target);
  expect_faithful(back);
  EXPECT_EQ(differences(original, target), "");
  EXPECT_NE(back.backup, "");
}

TEST(OlderShape, RowsOfAFreshBirthFitIntoAnOlderOne) {
  // 80 declarations differ; above all, the older birth says NOT NULL where the newer one does not.
  const TemporaryDirectory directory("older");
  const fs::path original = real(directory.path());
  carry(original, directory / "pb_data");
  const fs::path target = upgraded(directory.path());
  empty_tables(target);
  const RunReport back = carry(directory / "pb_data", target);
  EXPECT_TRUE(back.differences.empty()) << describe(back);
  // `document` has another key there and the mapping's columns only; no row of it exists in the source.
  EXPECT_EQ(back.status, ExitStatus::done) << describe(back);
  bool named = false;
  for (const Note& note : back.notes) named = named || note.what == Note::What::older_schema;
  EXPECT_TRUE(named);
}

TEST(UncheckpointedWal, IsReadAndLeftAlone) {
  const TemporaryDirectory directory("wal");
  const fs::path original = real(directory.path());
  {
    SqliteFile writer(original);
    writer.execute("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;");
    writer.execute("UPDATE chat SET title = 'only in the WAL' WHERE id = (SELECT min(id) FROM chat)");
    fs::copy_file(original, directory / "copy.db");
    fs::copy_file(original.string() + "-wal", directory / "copy.db-wal");
  }
  const std::string wal = read_file(directory / "copy.db-wal");
  ASSERT_FALSE(wal.empty());
  expect_faithful(carry(directory / "copy.db", directory / "pb_data"));
  EXPECT_TRUE(read_file(directory / "copy.db-wal") == wal);
  EXPECT_FALSE(fs::exists(directory / "copy.db-shm"));
  SqliteFile data(directory / "pb_data" / "data.db", SqliteFile::Mode::read);
  EXPECT_EQ(data.integer("SELECT count(*) FROM chats WHERE title = 'only in the WAL'"), 1);
}

TEST(NotUnique, RowsWithNullInTheirKeyAllComeBack) {
  const TemporaryDirectory directory("not_unique");
  const fs::path original = real(directory.path());
  // SQLite lets a primary key hold NULL, and then any number of times.
  SqliteFile(original).execute(
      "INSERT INTO tag (id, name, user_id) VALUES ('twin', 'first', NULL), ('twin', 'second', NULL), "
      "('twin', 'third', NULL), ('equal', 'one', NULL), ('equal', 'one', NULL), ('equal', 'one', NULL)");
  const RunReport there = carry(original, directory / "pb_data");
  expect_faithful(there);
  EXPECT_EQ(totals(there).to_attic, 4U);
  expect_faithful(carry(original, directory / "pb_data"));
  expect_faithful(carry(directory / "pb_data", directory / "returned.db"));
  EXPECT_EQ(differences(original, directory / "returned.db"), "");
  expect_faithful(carry(directory / "pb_data", directory / "returned.db"));
  EXPECT_EQ(differences(original, directory / "returned.db"), "");
}

TEST(Unknown, TablesAndColumnsAreNamedAndKept) {
  const TemporaryDirectory directory("unknown");
  const fs::path original = hard(directory.path());
  const RunReport there = carry(original, directory / "pb_data");
  std::set<std::string> named;
  for (const Note& note : there.notes) {
    if (note.what == Note::What::unknown_table || note.what == Note::What::unknown_column) named.insert(note.subject);
  }
  EXPECT_EQ(named, (std::set<std::string>{"table forktable", "table nopk", "column chat.fork_col"}));
}

}  // namespace
}  // namespace twoway::test
