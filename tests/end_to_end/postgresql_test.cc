// PocketBase between SQLite and a real PostgreSQL: every row comes back, whichever way it goes.
#include <gtest/gtest.h>

#include "runtime/report/verdict.h"
#include "tests/end_to_end/journey.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/places.h"
#include "tests/support/pocketbase_server.h"
#include "tests/support/postgresql_cluster.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;
using report::Totals;
using report::totals;

/// A run with its state in the test's own directory: that of a server would lie in the working directory.
RunReport run(const fs::path& from, const fs::path& to, const TemporaryDirectory& directory,
              RunOptions options = {}) {
  options.state_directory = (directory / "state").string();
  return carry(from, to, options);
}

/// Each table's rows without what the mapping purges: their number and a digest, a table a line. `besides`: tables that
/// are left out.
std::string contents(const std::string& database, const std::string& besides = "oauth_session") {
  const PostgresqlCluster& cluster = shared_cluster();
  const std::string statements = cluster.sql(
      database,
      "SELECT format('SELECT %L || '' '' || count(*) || '' '' || coalesce(md5(string_agg(line, chr(10) ORDER BY line "
      "COLLATE \"C\")), '''') FROM (SELECT row_to_json(t)::text AS line FROM (SELECT %s FROM %I) t) l;', relname, "
      "(SELECT string_agg(quote_ident(attname), ', ' ORDER BY attname) FROM pg_attribute WHERE attrelid = c.oid AND "
      "attnum > 0 AND NOT attisdropped AND NOT (relname = 'auth' AND attname = 'session_stamp')), relname) FROM "
      "pg_class c WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> ALL (string_to_array('" +
          besides + "', ',')) ORDER BY relname");
  return cluster.sql(database, statements);
}

/// Indexes and constraints, a line each.
std::string schema(const std::string& database) {
  return shared_cluster().sql(
      database,
      "SELECT pg_get_indexdef(indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE relnamespace = "
      "'public'::regnamespace ORDER BY 1; SELECT conrelid::regclass || ' ' || conname || ' ' || "
      "pg_get_constraintdef(oid) || convalidated FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER "
      "BY 1");
}

std::string real_postgresql() {
  const std::string name = shared_cluster().create_database();
  shared_cluster().load(name, source_directory() / "tests/data/openwebui/real-pg-0.12.4.sql.zst");
  return name;
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
  EXPECT_EQ(schema(returned), schema(original));
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

}  // namespace
}  // namespace twoway::test
