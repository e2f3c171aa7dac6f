// What a PostgreSQL database declares, in the terms of both dialects.
#include "runtime/store/live_schema.h"

#include <gtest/gtest.h>

#include "runtime/migrate/stores.h"
#include "tests/support/postgresql_cluster.h"

namespace twoway {
namespace {

LiveSchema schema_of(const std::string& sql) {
  const std::string database = test::shared_cluster().create_database();
  test::shared_cluster().sql(database, sql);
  return read_live_schema(parse_store(test::shared_cluster().url(database)), {"version", "is"});
}

TEST(LiveSchemaOfPostgresql, ColumnsKeysAndDefaults) {
  const LiveSchema schema = schema_of(
      "CREATE TABLE version (\"is\" TEXT); INSERT INTO version VALUES ('4.2'); CREATE TABLE twoway_residue (x int);"
      "CREATE TABLE \"a b\" (\"first one\" VARCHAR(12) NOT NULL DEFAULT 'x', second INTEGER, total INTEGER GENERATED "
      "ALWAYS AS (second * 2) STORED, PRIMARY KEY (second, \"first one\"));"
      "CREATE TABLE counted (id SERIAL PRIMARY KEY, of TEXT, at INTEGER, FOREIGN KEY (at, of) REFERENCES \"a b\" ON "
      "DELETE CASCADE, FOREIGN KEY (id) REFERENCES counted (id));"
      "CREATE VIEW seen AS SELECT id, of FROM counted");
  EXPECT_EQ(schema.dialect, "postgresql");
  EXPECT_EQ(schema.revision, "4.2");
  ASSERT_EQ(schema.tables.size(), 4U);
  const LiveTable& odd = *schema.find("a b");
  EXPECT_EQ(odd.primary_key, (std::vector<std::string>{"second", "first one"}));
  EXPECT_EQ(odd.columns[0].declared_type, "character varying(12)");
  EXPECT_EQ(odd.columns[0].default_text, "'x'::character varying");
  EXPECT_EQ(odd.columns[0].primary_key_position, 2);
  EXPECT_TRUE(odd.columns[0].not_null);
  EXPECT_TRUE(odd.columns[2].generated);
  EXPECT_EQ(odd.columns[2].default_text, std::nullopt);
  const LiveTable& counted = *schema.find("counted");
  EXPECT_EQ(schema.find("seen")->kind, LiveTable::Kind::view);
  EXPECT_EQ(schema.find("seen")->columns.size(), 2U);
  EXPECT_TRUE(counted.columns[0].numbered);
  EXPECT_FALSE(counted.columns[1].numbered);
  ASSERT_EQ(counted.foreign_keys.size(), 2U);
  EXPECT_EQ(counted.foreign_keys[0].table, "a b");
  EXPECT_EQ(counted.foreign_keys[0].columns, (std::vector<std::string>{"at", "of"}));
  EXPECT_EQ(counted.foreign_keys[0].referenced_columns, odd.primary_key);
  EXPECT_EQ(counted.foreign_keys[0].on_delete, "CASCADE");
  EXPECT_EQ(counted.foreign_keys[1].table, "counted");
  EXPECT_EQ(counted.foreign_keys[1].on_delete, "NO ACTION");
}

TEST(LiveSchemaOfPostgresql, IndexesWithTheirExpressions) {
  const LiveSchema schema = schema_of(
      "CREATE TABLE t (a TEXT UNIQUE, b TEXT, c TEXT, PRIMARY KEY (a, c));"
      "CREATE INDEX odd ON t (b, lower(a) DESC, c COLLATE \"C\") WHERE c IS NOT NULL");
  const std::vector<LiveIndex>& indexes = schema.find("t")->indexes;
  ASSERT_EQ(indexes.size(), 3U);
  EXPECT_EQ(indexes[0].name, "odd");
  EXPECT_FALSE(indexes[0].unique);
  EXPECT_EQ(indexes[0].origin, LiveIndex::Origin::statement);
  EXPECT_EQ(indexes[0].columns,
            (std::vector<LiveIndexPart>{{"b", "", false, ""}, {"", "lower(a)", true, ""}, {"c", "", false, "C"}}));
  EXPECT_EQ(indexes[0].where, "c IS NOT NULL");
  EXPECT_EQ(indexes[1].origin, LiveIndex::Origin::unique_constraint);
  EXPECT_EQ(indexes[2].origin, LiveIndex::Origin::primary_key);
  EXPECT_EQ(indexes[2].name, "t_pkey");
}

}  // namespace
}  // namespace twoway
