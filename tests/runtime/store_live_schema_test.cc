// What a SQLite database declares, read from the file.
#include <gtest/gtest.h>

#include "runtime/migrate/stores.h"
#include "runtime/store/live_schema.h"
#include "runtime/store/sql/index_sql.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway {
namespace {

LiveSchema schema_of(const std::string& sql) {
  test::TemporaryDirectory directory("live-schema");
  const std::filesystem::path file = directory / "some.db";
  test::SqliteFile(file, test::SqliteFile::Mode::create).execute(sql);
  return read_live_schema(parse_store(file.string()), {"version", "is"});
}

TEST(LiveSchema, ColumnsKeysAndDefaults) {
  const LiveSchema schema = schema_of(
      "CREATE TABLE version (\"is\" TEXT); INSERT INTO version VALUES ('4.2');"
      "CREATE TABLE \"a b\" (\"first one\" VARCHAR(12) NOT NULL DEFAULT 'x''y', second, total REAL AS (second * 2), "
      "PRIMARY KEY (second, \"first one\")) WITHOUT ROWID;"
      "CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT, of TEXT, at ANY, FOREIGN KEY (at, of) REFERENCES "
      "\"a b\" ON DELETE CASCADE, FOREIGN KEY (id) REFERENCES counted (id)) STRICT;"
      "CREATE VIEW seen AS SELECT id, of FROM counted; CREATE TABLE twoway_unfinished (x)");
  EXPECT_EQ(schema.dialect, "sqlite");
  EXPECT_EQ(schema.revision, "4.2");
  ASSERT_EQ(schema.tables.size(), 4U);
  const LiveTable& odd = *schema.find("a b");
  EXPECT_TRUE(odd.without_rowid);
  EXPECT_EQ(odd.primary_key, (std::vector<std::string>{"second", "first one"}));
  EXPECT_EQ(odd.columns[0].declared_type, "VARCHAR(12)");
  EXPECT_EQ(odd.columns[0].default_text, "'x''y'");
  EXPECT_EQ(odd.columns[0].primary_key_position, 2);
  EXPECT_TRUE(odd.columns[0].not_null);
  EXPECT_EQ(odd.columns[1].declared_type, "");
  EXPECT_FALSE(odd.columns[1].numbered);
  EXPECT_TRUE(odd.columns[2].generated);
  const LiveTable& counted = *schema.find("counted");
  EXPECT_EQ(schema.find("seen")->kind, LiveTable::Kind::view);
  EXPECT_EQ(schema.find("seen")->columns.size(), 2U);
  EXPECT_TRUE(counted.columns[0].numbered);
  EXPECT_FALSE(counted.columns[1].numbered);
  EXPECT_TRUE(counted.strict);
  ASSERT_EQ(counted.foreign_keys.size(), 2U);
  EXPECT_EQ(counted.foreign_keys[0].columns, (std::vector<std::string>{"at", "of"}));
  EXPECT_EQ(counted.foreign_keys[0].referenced_columns, odd.primary_key);
  EXPECT_EQ(counted.foreign_keys[0].on_delete, "CASCADE");
  EXPECT_EQ(counted.foreign_keys[1].table, "counted");
  EXPECT_EQ(counted.foreign_keys[1].on_delete, "NO ACTION");
}

TEST(LiveSchema, IndexesWithTheirExpressions) {
  const LiveSchema schema = schema_of(
      "CREATE TABLE t (a TEXT UNIQUE, b TEXT COLLATE NOCASE, c, PRIMARY KEY (a, c));"
      "CREATE INDEX \"odd, (name\" ON t (b, lower(a || ',)') DESC, c COLLATE RTRIM ASC) WHERE c IS NOT NULL");
  const std::vector<LiveIndex>& indexes = schema.find("t")->indexes;
  ASSERT_EQ(indexes.size(), 3U);
  EXPECT_EQ(indexes[0].name, "odd, (name");
  EXPECT_FALSE(indexes[0].unique);
  EXPECT_EQ(indexes[0].origin, LiveIndex::Origin::statement);
  EXPECT_EQ(indexes[0].columns,
            (std::vector<LiveIndexPart>{
                {"b", "", false, "NOCASE"}, {"", "lower(a || ',)')", true, ""}, {"c", "", false, "RTRIM"}}));
  EXPECT_EQ(indexes[0].where, "c IS NOT NULL");
  EXPECT_EQ(indexes[1].origin, LiveIndex::Origin::unique_constraint);
  EXPECT_TRUE(indexes[1].unique);
  EXPECT_EQ(indexes[2].origin, LiveIndex::Origin::primary_key);
}

TEST(LiveSchema, OfAnIndexStatementWithComments) {
  const sql_sqlite::IndexSql index = sql_sqlite::parse_index(
      "CREATE INDEX [a(b] ON t (x /* , */, -- )\n json_extract(y, '$.a')  desc ) WHERE\nx > ')'");
  EXPECT_EQ(index.parts, (std::vector<std::string>{"x /* , */", "-- )\n json_extract(y, '$.a')"}));
  EXPECT_EQ(index.where, "x > ')'");
}

TEST(LiveSchema, OfEveryTableOfARealDatabase) {
  test::TemporaryDirectory directory("live-schema");
  const LiveSchema schema =
      read_live_schema(parse_store(test::real(directory.path()).string()), {"alembic_version", "version_num"});
  EXPECT_EQ(schema.revision, "0bd252b206fb");
  EXPECT_EQ(schema.tables.size(), 48U);
  std::size_t columns = 0, keys = 0;
  for (const LiveTable& table : schema.tables) {
    EXPECT_FALSE(table.primary_key.empty()) << table.name;
    columns += table.columns.size();
    keys += table.foreign_keys.size();
  }
  EXPECT_EQ(columns, 426U);
  EXPECT_EQ(keys, 19U);
}

}  // namespace
}  // namespace twoway
