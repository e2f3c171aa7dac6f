// PocketBase between SQLite and a real PostgreSQL: every row comes back, whichever way it goes.
#include <gtest/gtest.h>

#include "runtime/report/verdict.h"
#include "tests/end_to_end/journey.h"
#include "tests/end_to_end/postgresql_journey.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/pocketbase_server.h"
#include "tests/support/sqlite_file.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;
using report::Totals;
using report::totals;

/// Tables that the mapping does not name come back with their own statements, not with translations.
std::vector<Row> statements_of_unknown_tables(const fs::path& database) {
  return SqliteFile(database, SqliteFile::Mode::read)
      .rows("SELECT name, sql FROM sqlite_schema WHERE tbl_name IN ('forktable', 'nopk') ORDER BY name");
}

struct Case {
  const char* name;
  fs::path (*unpack)(const fs::path&);
};
void PrintTo(const Case& value, std::ostream* out) { *out << value.name; }

class ThroughPostgresql : public testing::TestWithParam<Case> {};

TEST_P(ThroughPostgresql, ASqliteDatabaseComesBackEqual) {
  const TemporaryDirectory directory("through_postgresql");
  const fs::path original = GetParam().unpack(directory.path());
  const std::string database = shared_cluster().create_database();
  const std::string url = shared_cluster().url(database);
  const RunReport first = run(original, directory / "first", directory);
  expect_faithful(first);
  expect_faithful(run(directory / "first", url, directory));
  const RunReport second = run(url, directory / "second", directory);
  expect_faithful(second);
  expect_faithful(run(directory / "second", directory / "returned.db", directory));
  EXPECT_EQ(differences(original, directory / "returned.db"), "");
  EXPECT_EQ(statements_of_unknown_tables(directory / "returned.db"), statements_of_unknown_tables(original));
  // The SQL side's digests agree, whichever kind of database it is.
  for (const EntityReport& entity : first.entities) {
    for (const EntityReport& other : second.entities) {
      if (other.name != entity.name || other.attic != entity.attic) continue;
      EXPECT_EQ(other.digest, entity.digest) << entity.name;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Databases, ThroughPostgresql,
                         testing::Values(Case{"real", &real}, Case{"upgraded", &upgraded}, Case{"hard", &hard},
                                         Case{"fresh", &fresh}),
                         [](const auto& chosen) { return std::string(chosen.param.name); });

TEST(FromPostgresql, TheDatabaseComesBackEqualWithItsSchema) {
  const TemporaryDirectory directory("from_postgresql");
  const std::string original = real_postgresql();
  const std::string returned = shared_cluster().create_database();
  expect_faithful(run(shared_cluster().url(original), directory / "pb_data", directory));
  expect_faithful(run(directory / "pb_data", shared_cluster().url(returned), directory));
  EXPECT_EQ(contents(returned), contents(original));
  EXPECT_EQ(indexes_and_constraints(returned), indexes_and_constraints(original));
}

TEST(FromPostgresql, ASecondRunWritesNothing) {
  const TemporaryDirectory directory("from_postgresql");
  const std::string url = shared_cluster().url(real_postgresql());
  const Totals first = totals(run(url, directory / "pb_data", directory));
  EXPECT_EQ(first.inserted, first.read);
  const Totals second = totals(run(url, directory / "pb_data", directory));
  EXPECT_EQ(second.unchanged, second.read);
  const RunReport home = run(directory / "pb_data", url, directory);
  expect_faithful(home);
  EXPECT_NE(home.backup, "");
  EXPECT_EQ(totals(home).unchanged, totals(home).read);
  EXPECT_EQ(totals(home).inserted + totals(home).updated, 0U);
}

/// What a mapping does not name, of PostgreSQL's own sorts.
constexpr const char* unknown_things =
    "ALTER TABLE chat ADD COLUMN fork_data jsonb; UPDATE chat SET fork_data = '{\"b\": 1, \"a\": [1.50, null]}';"
    "ALTER TABLE auth ADD COLUMN fork_limit numeric(12, 3); UPDATE auth SET fork_limit = 12.500;"
    "CREATE TABLE fork (id serial PRIMARY KEY, name varchar(40) NOT NULL UNIQUE, amount numeric, tags text[], "
    "seen timestamptz, raw bytea, doc jsonb, parent integer REFERENCES fork (id), at timestamp);"
    "INSERT INTO fork (name, amount, tags, seen, raw, doc, parent, at) VALUES ('one', 1.10, '{a,\"b c\"}', "
    "'2026-01-02 03:04:05.678+02', '\\x00ff', '{\"z\":1,\"a\":2}', NULL, '2026-01-02 03:04:05.5'), "
    "('two', 'NaN', NULL, NULL, NULL, 'null', 1, NULL), ('three', 12, '{}', NULL, '', '3', 2, 'infinity');"
    "CREATE INDEX fork_amount ON fork (amount) WHERE amount > 0;"
    "CREATE TABLE fork_log (line text, n integer); INSERT INTO fork_log VALUES ('x', 1), ('x', 1), (NULL, NULL), "
    "('y', 2);"
    "CREATE VIEW fork_names AS SELECT name FROM fork;";

TEST(FromPostgresql, WhatTheMappingDoesNotNameComesBack) {
  const TemporaryDirectory directory("unknown");
  const std::string original = real_postgresql();
  sql(original, unknown_things);
  const std::string returned = shared_cluster().create_database();
  expect_faithful(run(shared_cluster().url(original), directory / "pb_data", directory));
  expect_faithful(run(directory / "pb_data", shared_cluster().url(returned), directory));
  EXPECT_EQ(contents(returned, "twoway_residue"), contents(original));
  EXPECT_EQ(sql(returned, "SELECT * FROM fork_names ORDER BY 1"), "one\nthree\ntwo");
  EXPECT_EQ(sql(returned, "INSERT INTO fork (name) VALUES ('next') RETURNING id"), "4");
  const Totals again = totals(run(directory / "pb_data", shared_cluster().url(returned), directory));
  EXPECT_EQ(again.inserted + again.updated, 0U);
}

TEST(FromPostgresql, WhatTheMappingDoesNotNameSurvivesSqlite) {
  const TemporaryDirectory directory("unknown");
  const std::string original = real_postgresql();
  sql(original, unknown_things);
  const std::string returned = shared_cluster().create_database();
  expect_faithful(run(shared_cluster().url(original), directory / "first", directory));
  expect_faithful(run(directory / "first", directory / "between.db", directory));
  EXPECT_EQ(SqliteFile(directory / "between.db").integer("SELECT count(*) FROM fork_log"), 4);
  expect_faithful(run(directory / "between.db", directory / "second", directory));
  expect_faithful(run(directory / "second", shared_cluster().url(returned), directory));
  EXPECT_EQ(contents(returned, "twoway_residue"), contents(original));
  EXPECT_EQ(sql(returned, "SELECT * FROM fork_names ORDER BY 1"), "one\nthree\ntwo");
  EXPECT_EQ(sql(returned, "SELECT indexdef FROM pg_indexes WHERE indexname = 'fork_amount'"),
            sql(original, "SELECT indexdef FROM pg_indexes WHERE indexname = 'fork_amount'"));
}

}  // namespace
}  // namespace twoway::test
