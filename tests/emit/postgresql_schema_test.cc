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
#include "tests/support/places.h"
#include "tests/support/postgresql_cluster.h"

namespace twowayc::test {
namespace {

using twoway::test::PostgresqlCluster;
using twoway::test::shared_cluster;

struct CatalogQuery {
  const char* what;
  const char* sql;  ///< all of it belongs to the first schema of the search path
};
constexpr CatalogQuery catalog_queries[] = {
    {"relation", R"(SELECT relname, relkind, relpersistence, reloptions, relreplident, relrowsecurity, relispartition,
        pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = current_schema::regnamespace)"},
    {"column", R"(SELECT relname, attnum, attname, format_type(atttypid, atttypmod), attnotnull,
        pg_get_expr(adbin, adrelid), attcollation, attidentity, attgenerated, attstorage, attcompression,
        ARRAY(SELECT option FROM unnest(attoptions) AS option WHERE option NOT LIKE 'pg\_attver=%')
      FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
      WHERE relnamespace = current_schema::regnamespace AND relkind = 'r' AND attnum > 0)"},
    {"constraint", R"(SELECT conrelid::regclass, conname, contype, pg_get_constraintdef(oid), condeferrable,
        condeferred, convalidated, confrelid::regclass, confupdtype, confdeltype, confmatchtype, connoinherit,
        conindid::regclass
      FROM pg_constraint WHERE connamespace = current_schema::regnamespace)"},
    {"index", R"(SELECT indrelid::regclass, indexrelid::regclass,
        replace(pg_get_indexdef(indexrelid), current_schema || '.', ''), indisunique, indisprimary, indisvalid,
        indnullsnotdistinct, indimmediate, indisclustered
      FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
      WHERE relnamespace = current_schema::regnamespace)"},
    {"sequence", R"(SELECT seqrelid::regclass, format_type(seqtypid, NULL), seqstart, seqincrement, seqmax, seqmin,
        seqcache, seqcycle, deptype, refobjid::regclass, attname
      FROM pg_sequence JOIN pg_class ON pg_class.oid = seqrelid
        LEFT JOIN pg_depend ON objid = seqrelid AND refclassid = 'pg_class'::regclass AND refobjsubid > 0
        LEFT JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
      WHERE relnamespace = current_schema::regnamespace)"},
    {"trigger", R"(SELECT tgrelid::regclass, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
      WHERE relnamespace = current_schema::regnamespace AND NOT tgisinternal)"},
    {"function", "SELECT proname FROM pg_proc WHERE pronamespace = current_schema::regnamespace"},
    {"type", R"(SELECT typname, typtype FROM pg_type
      WHERE typnamespace = current_schema::regnamespace AND typtype NOT IN ('c', 'b'))"},
};

/// All that the catalogs say of a schema, a line an object, sorted.
std::vector<std::string> catalog(const std::string& database, const std::string& schema = "public") {
  std::vector<std::string> out;
  for (const CatalogQuery& query : catalog_queries) {
    std::istringstream lines(
        shared_cluster().sql(database, "SET search_path TO " + schema + ";" + query.sql, PostgresqlCluster::superuser));
    for (std::string line; std::getline(lines, line);) out.push_back(std::string(query.what) + " " + line);
  }
  std::sort(out.begin(), out.end());
  return out;
}

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
  const std::vector<std::string> own = catalog(loaded("schema-postgres-0.12.4.sql"));
  EXPECT_EQ(count(own, "column"), 426);
  EXPECT_EQ(count(own, "sequence"), 1);
  EXPECT_GT(count(own, "index"), 100);
  EXPECT_GT(count(own, "constraint"), 70);
  EXPECT_EQ(differences(own, catalog(make(flagship_directory()))), "");
}

TEST(PostgresqlSchema, IsThatOfADatabaseInUse) {
  const std::string own = loaded("real-pg-0.12.4.sql.zst");
  const std::string made = make(flagship_directory());
  EXPECT_EQ(differences(catalog(own), catalog(made)), "");
  const std::string version = "SELECT * FROM alembic_version";
  EXPECT_EQ(shared_cluster().sql(own, version), shared_cluster().sql(made, version));
}

TEST(PostgresqlSchema, GoesWhereTheSearchPathLeads) {
  const std::string elsewhere =
      make(flagship_directory(), "CREATE SCHEMA elsewhere; SET search_path TO elsewhere;\n");
  const std::vector<std::string> made = catalog(elsewhere, "elsewhere");
  EXPECT_EQ(differences(catalog(loaded("schema-postgres-0.12.4.sql")), made), "");
  EXPECT_TRUE(catalog(elsewhere).empty());
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
