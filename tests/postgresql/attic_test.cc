// What a PostgreSQL store makes of entries of the attic.
#include <gtest/gtest.h>

#include "runtime/store/postgresql/postgresql_store.h"
#include "tests/support/odd_attic.h"
#include "tests/support/postgresql_cluster.h"

namespace twoway::postgresql {
namespace {

using test::outcome_of;
using test::row_entry;
using test::tagged_words;
using What = AtticEntry::What;

class AtticOfPostgresql : public testing::Test {
 protected:
  AtticOfPostgresql() : name_(test::shared_cluster().create_database()) {
    test::shared_cluster().sql(name_,
                               "CREATE TABLE keyed (id text NOT NULL PRIMARY KEY, a int CHECK (a <> 7)); "
                               "CREATE TABLE bare (a int, b int)");
    store_ = std::make_unique<PostgresqlStore>(mapping_, parse_address(test::shared_cluster().url(name_)), Use::target);
  }
  std::string written(const AtticEntry& entry) { return outcome_of(*store_, entry); }

  std::string name_;
  Mapping mapping_{};
  std::unique_ptr<PostgresqlStore> store_;
};

const std::string one = attic_entry::tagged(Value::integer(1)), seven = attic_entry::tagged(Value::integer(7));

TEST_F(AtticOfPostgresql, Rows) {
  EXPECT_EQ(written(row_entry("none", {})), "rejected : there is no table none");
  EXPECT_EQ(written(row_entry("keyed", {{"id", "untagged"}})),
            "rejected id: the attic entry holds a value that twoway did not write");
  EXPECT_EQ(written(row_entry("keyed", {{"x", one}})), "rejected x: keyed has no such column");
  EXPECT_EQ(written(row_entry("keyed", {{"a", one}})), "rejected id: a part of its key is missing");
  EXPECT_EQ(written(row_entry("keyed", {{"#rowid", one}, {"a", one}, {"id", tagged_words("k")}})), "pending")
      << "where a row of a SQLite table lay is no data";
  EXPECT_EQ(written(row_entry("bare", {{"a", one}, {"b", seven}})), "pending");
}

TEST_F(AtticOfPostgresql, TablesColumnsAndObjects) {
  EXPECT_EQ(written({What::table, "keyed", "", {}}), "unchanged");
  EXPECT_EQ(written({What::table, "fork", "", {}}).substr(0, 11), "rejected : ") << "nobody says which columns it has";
  const std::vector<std::pair<std::string, std::string>> columns{
      {"columns", tagged_words(R"([{"name": "a", "type": "text"}])")}};
  EXPECT_EQ(written({What::table, "fork", "", columns}), "inserted");
  auto odd = columns;
  odd.emplace_back("dialect", tagged_words("postgresql"));
  odd.emplace_back("sql", tagged_words("CREATE TABLE fork2 (a no_such_type)"));
  const std::string said = written({What::table, "fork2", "", odd});
  EXPECT_TRUE(said.ends_with("; a plain table was made in its place")) << said;
  EXPECT_EQ(written({What::column, "none", "c", {}}), "rejected : there is no table none");
  EXPECT_EQ(written({What::column, "keyed", "a", {}}), "unchanged");
  EXPECT_EQ(written({What::column, "keyed", "b", {{"type", tagged_words("INT")}}}), "inserted") << "an older entry";
  EXPECT_EQ(written({What::column,
                     "keyed",
                     "c",
                     {{"type", tagged_words("no_such_type")},
                      {"dialect", tagged_words("postgresql")},
                      {"word", tagged_words("text")}}}),
            "rejected : type \"no_such_type\" does not exist");
  EXPECT_EQ(written({What::object, "bare", "index by_a", {}}), "rejected : the attic entry has no SQL text");
  const auto index = [](const std::string& dialect, const std::string& name) {
    return AtticEntry{What::object,
                      "bare",
                      name,
                      {{"sql", tagged_words("CREATE INDEX by_a ON bare (a)")}, {"dialect", tagged_words(dialect)}}};
  };
  EXPECT_EQ(written(index("sqlite", "index by_a")), "inserted") << "kept for the way back";
  EXPECT_EQ(written(index("sqlite", "index by_a")), "unchanged");
  EXPECT_EQ(written(index("postgresql", "index by_a")), "inserted");
  EXPECT_EQ(written(index("postgresql", "index by_a")), "unchanged");
  EXPECT_EQ(written({What::broken, "", "x", {}}),
            "rejected : the record is not as twoway wrote it; restore it from a backup of PocketBase");
}

}  // namespace
}  // namespace twoway::postgresql
