// The PostgreSQL statements for an empty SQL store make what the application itself makes, to the names of its
// constraints. Compared are the catalogs of two databases: nothing differs. Not compared is one thing that no statement
// says: PostgreSQL 15.20 notes a number of its own in the options of a table's columns (`pg_attver`), which differs
// between two copies of one dump as well.
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "generator/emit/sql/postgresql_schema.h"
#include "tests/emit/mappings.h"
#include "tests/emit/schema_catalog.h"
#include "tests/support/places.h"
#include "tests/support/postgresql_cluster.h"

namespace twowayc::test {
namespace {

using twoway::test::PostgresqlCluster;
using twoway::test::shared_cluster;

/// What one of them has and the other one lacks; empty: they are the same.
std::string differences(const std::vector<std::string>& own, const std::vector<std::string>& made) {
  std::string out;
  std::vector<std::string> lines;
  std::set_difference(own.begin(), own.end(), made.begin(), made.end(), std::back_inserter(lines));
  for (const std::string& line : lines) out += "missing: " + line + "\n";
  lines.clear();
  std::set_difference(made.begin(), made.end(), own.begin(), own.end(), std::back_inserter(lines));
  for (const std::string& line : lines) out += "not the application's: " + line + "\n";
  return out;
}

std::ptrdiff_t count(const std::vector<std::string>& lines, const std::string& what) {
  return std::count_if(lines.begin(), lines.end(),
                       [&](const std::string& line) { return line.starts_with(what + " "); });
}

/// A database with the mapping's schema, made as an application would make it: without any privilege.
std::string make(const std::filesystem::path& mapping, const std::string& before = {}) {
  std::string script = before;
  for (const std::string& statement : postgresql_schema(compiled(mapping))) script += statement + ";\n";
  const std::string database = shared_cluster().create_database();
  shared_cluster().sql(database, script);
  return database;
}

std::string loaded(const char* dump) {
  const std::string database = shared_cluster().create_database();
  shared_cluster().load(database, twoway::test::source_directory() / "tests/data/openwebui" / dump);
  return database;
}

TEST(PostgresqlSchema, IsTheApplicationsOwn) {
  const std::vector<std::string> own = postgresql_catalog(loaded("schema-postgres-0.12.4.sql"));
  EXPECT_EQ(count(own, "column"), 426);
  EXPECT_EQ(count(own, "sequence"), 1);
  EXPECT_GT(count(own, "index"), 100);
  EXPECT_GT(count(own, "constraint"), 70);
  EXPECT_EQ(differences(own, postgresql_catalog(make(flagship_directory()))), "");
}

TEST(PostgresqlSchema, IsThatOfADatabaseInUse) {
  const std::string own = loaded("real-pg-0.12.4.sql.zst");
  const std::string made = make(flagship_directory());
  EXPECT_EQ(differences(postgresql_catalog(own), postgresql_catalog(made)), "");
  const std::string version = "SELECT * FROM alembic_version";
  EXPECT_EQ(shared_cluster().sql(own, version), shared_cluster().sql(made, version));
}

TEST(PostgresqlSchema, GoesWhereTheSearchPathLeads) {
  const std::string elsewhere =
      make(flagship_directory(), "CREATE SCHEMA elsewhere; SET search_path TO elsewhere;\n");
  const std::vector<std::string> made = postgresql_catalog(elsewhere, "elsewhere");
  EXPECT_EQ(differences(postgresql_catalog(loaded("schema-postgres-0.12.4.sql")), made), "");
  EXPECT_TRUE(postgresql_catalog(elsewhere).empty());
}

TEST(PostgresqlSchema, OfTheSmallMappingHoldsItsConstraints) {
  const std::string database = make(library_directory());
  const PostgresqlCluster& cluster = shared_cluster();
  const auto run = [&](const char* sql) { return cluster.sql(database, sql); };
  EXPECT_EQ(run("INSERT INTO author (name, weight) VALUES ('a', 0.1), ('b', 1e-300) RETURNING id"), "1\n2");
  EXPECT_EQ(run("SELECT weight FROM author ORDER BY id"), "0.1\n1e-300");
  run("UPDATE author SET mentor_id = 1 WHERE id = 2;"
      "INSERT INTO book (isbn, copy, author_id) VALUES ('x', 1, 1), ('x', 2, 2)");
  EXPECT_EQ(run("SELECT isbn, copy, title, price, lent FROM book ORDER BY copy"), "x|1||0|f\nx|2||0|f");
  run("DELETE FROM author WHERE id = 1");
  EXPECT_EQ(run("SELECT copy FROM book"), "2");
  EXPECT_EQ(run("SELECT id FROM author WHERE mentor_id IS NULL"), "2");
  run("INSERT INTO book (isbn, copy, author_id, lent) VALUES ('y', 0, 2, true), ('z', 0, 2, false)");
  for (const char* refused : {"INSERT INTO book (isbn, copy, author_id, price) VALUES ('v', 1, 2, -1)",
                              "INSERT INTO book (isbn, copy, author_id) VALUES ('x', 2, 2)",
                              "INSERT INTO book (isbn, copy, author_id) VALUES ('12345678901234', 1, 2)",
                              "INSERT INTO book (isbn, copy, author_id) VALUES ('w', 1, 7)"}) {
    EXPECT_THROW(run(refused), std::runtime_error) << refused;
  }
  EXPECT_EQ(run("SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute "
                "WHERE attrelid = 'author'::regclass AND attnum > 0"),
            "id name weight born mentor_id");
  EXPECT_EQ(run("SELECT pg_get_serial_sequence('author', 'id')"), "public.author_id_seq");
  EXPECT_EQ(run("SELECT revision FROM schema_version"), "7");
}

}  // namespace
}  // namespace twowayc::test
