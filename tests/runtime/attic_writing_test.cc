// What a SQLite store makes of entries of the attic.
#include <gtest/gtest.h>

#include "runtime/store/sql/sqlite_store.h"
#include "tests/support/odd_attic.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway {
namespace {

using test::outcome_of;
using test::row_entry;
using test::tagged_words;
using What = AtticEntry::What;

class AtticOfSqlite : public testing::Test {
 protected:
  AtticOfSqlite() {
    test::SqliteFile(file_, test::SqliteFile::Mode::create)
        .execute(
            "CREATE TABLE keyed (id TEXT NOT NULL PRIMARY KEY, a INT CHECK (a <> 7)); "
            "CREATE TABLE bare (a, b); CREATE TABLE other (a)");
    store_ = std::make_unique<SqliteStore>(mapping_, file_, Use::target);
  }
  std::string written(const AtticEntry& entry) { return outcome_of(*store_, entry); }

  test::TemporaryDirectory directory_{"attic"};
  std::filesystem::path file_ = directory_ / "a.db";
  Mapping mapping_{};
  std::unique_ptr<SqliteStore> store_;
};

const std::string not_ours = "the attic entry holds a value that twoway did not write";
const std::string one = attic_entry::tagged(Value::integer(1)), seven = attic_entry::tagged(Value::integer(7));

TEST_F(AtticOfSqlite, RowsWithAKey) {
  EXPECT_EQ(written(row_entry("none", {})), "rejected : there is no table none");
  EXPECT_EQ(written(row_entry("keyed", {{"id", "untagged"}})), "rejected id: " + not_ours);
  EXPECT_EQ(written(row_entry("keyed", {{"x", one}})), "rejected x: keyed has no such column");
  EXPECT_EQ(written(row_entry("keyed", {{"a", one}})), "rejected id: a part of its key is missing");
  EXPECT_EQ(written(row_entry("keyed", {{"a", one}, {"id", tagged_words("k")}})), "inserted");
  EXPECT_EQ(written(row_entry("keyed", {{"id", tagged_words("k")}, {"a", one}})), "unchanged");
}

TEST_F(AtticOfSqlite, RowsWithoutAKey) {
  EXPECT_EQ(written(row_entry("bare", {{"a", "untagged"}})), "rejected a: " + not_ours);
  for (const char* expected : {"inserted", "inserted"}) {
    EXPECT_EQ(written(row_entry("bare", {{"a", one}, {"b", seven}})), expected) << "as many as come";
  }
  store_.reset();
  store_ = std::make_unique<SqliteStore>(mapping_, file_, Use::target);
  for (const char* expected : {"unchanged", "unchanged", "inserted"}) {
    EXPECT_EQ(written(row_entry("bare", {{"a", one}, {"b", seven}})), expected);
  }
}

TEST_F(AtticOfSqlite, RowsWithTheirPlace) {
  const auto at = [&](std::int64_t place, const std::string& value) {
    return row_entry("keyed",
                     {{"#rowid", attic_entry::tagged(Value::integer(place))}, {"id", tagged_words("k")}, {"a", value}});
  };
  EXPECT_EQ(written(at(5, one)), "inserted");
  EXPECT_EQ(written(at(5, one)), "unchanged");
  EXPECT_EQ(written(at(5, attic_entry::tagged(Value::integer(2)))), "updated");
  EXPECT_EQ(written(at(6, one)).substr(0, 8), "rejected") << "another row has the key";
  EXPECT_EQ(written(at(5, seven)).substr(0, 8), "rejected") << "the table checks it";
}

TEST_F(AtticOfSqlite, TablesAndColumns) {
  const AtticEntry foreign{What::table, "fork", "", {{"dialect", tagged_words("postgresql")}}};
  EXPECT_EQ(written({What::table, "keyed", "", {}}), "unchanged");
  EXPECT_EQ(written({What::table, "fork", "", {}}), "rejected : the attic entry has no SQL text");
  EXPECT_NE(written(foreign).find("rejected : "), std::string::npos) << "nobody says which columns it has";
  EXPECT_EQ(written({What::table, "fork", "", {{"sql", tagged_words("CREATE TABLE fork (a)")}}}), "inserted");
  EXPECT_EQ(written({What::column, "keyed", "a", {}}), "unchanged");
  EXPECT_EQ(written({What::column, "keyed", "b", {{"type", tagged_words("INT")}}}), "inserted");
  const std::vector<std::pair<std::string, std::string>> money{{"type", tagged_words("numeric(3)")},
                                                               {"dialect", tagged_words("postgresql")}};
  EXPECT_EQ(written({What::column, "keyed", "c", money}), "inserted");
  EXPECT_EQ(written({What::column, "none", "c", money}), "rejected : there is no table none");
  EXPECT_EQ(written({What::broken, "", "x", {}}),
            "rejected : the record is not as twoway wrote it; restore it from a backup of PocketBase");
}

TEST_F(AtticOfSqlite, Objects) {
  const auto index = [](const std::string& dialect) {
    return AtticEntry{What::object,
                      "bare",
                      "index by_a",
                      {{"sql", tagged_words("CREATE INDEX by_a ON bare (a)")}, {"dialect", tagged_words(dialect)}}};
  };
  EXPECT_EQ(written({What::object, "bare", "index by_a", {}}), "rejected : the attic entry has no SQL text");
  EXPECT_EQ(written(index("postgresql")), "inserted") << "kept for the way back";
  EXPECT_EQ(written(index("postgresql")), "unchanged");
  EXPECT_EQ(written(index("sqlite")), "inserted");
  EXPECT_EQ(written(index("sqlite")), "unchanged");
}

TEST_F(AtticOfSqlite, TablesThatLackTheirRows) {
  EXPECT_EQ(store_->count_table("none"), 0u);
  EXPECT_EQ(store_->count_table("bare"), 0u);
  EXPECT_EQ(store_->version(), "");
  std::size_t entries = 0;
  store_->read_attic([&](const AtticEntry&) { ++entries; });
  EXPECT_EQ(entries, 3u) << "the tables themselves";
}

}  // namespace
}  // namespace twoway
