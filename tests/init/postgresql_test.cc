// Drafts of PostgreSQL databases.
#include <gtest/gtest.h>

#include "generator/init/draft.h"
#include "generator/init/read_store.h"
#include "init_clinic_mapping/mapping.h"
#include "runtime/migrate/migration.h"
#include "tests/init/databases.h"
#include "tests/init/drafted_files.h"
#include "tests/support/postgresql_cluster.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

std::string clinic() {
  PostgresqlCluster& cluster = shared_cluster();
  const std::string database = cluster.create_database();
  cluster.sql(database, read_file(init_directory() / "schemas/clinic.sql"));
  return database;
}

TEST(DraftOfPostgresql, IsWhatIsCheckedIn) {
  const std::string url = shared_cluster().url(clinic());
  twowayc::expect_checked_in("clinic", twowayc::draft_mapping(twowayc::read_store(url).schema, "clinic").files);
}

void carry(const std::string& from, const std::string& to, const std::string& state) {
  RunOptions options;
  options.from = from;
  options.to = to;
  options.state_directory = state;
  options.pocketbase = pocketbase_program().string();
  const RunReport report = migrate(clinic::mapping(), options);
  EXPECT_EQ(report.status, ExitStatus::done);
  EXPECT_TRUE(report.verified);
  for (const RejectedRow& row : report.rejected) ADD_FAILURE() << row.entity << " " << row.key << ": " << row.reason;
  for (const Difference& found : report.differences) {
    ADD_FAILURE() << found.entity << " " << found.key << " " << found.column << ": " << found.expected << ", "
                  << found.found;
  }
}

TEST(DraftOfPostgresql, GoesToPocketBaseAndComesBackIntoANewDatabase) {
  PostgresqlCluster& cluster = shared_cluster();
  const TemporaryDirectory directory("init");
  const std::string there = clinic(), back = cluster.create_database();
  const std::string pb_data = (directory / "pb_data").string();
  carry(cluster.url(there), pb_data, (directory / "there").string());
  carry(pb_data, cluster.url(back), (directory / "back").string());
  for (const char* table : {"patient", "visit", "\"Odd Table\"", "ward", "measurement", "event_log"}) {
    const std::string rows = "SELECT x::text FROM " + std::string(table) + " AS x ORDER BY 1";
    EXPECT_EQ(cluster.sql(back, rows), cluster.sql(there, rows)) << table;
    const std::string columns =
        "SELECT attname, format_type(atttypid, atttypmod), attnotnull, attgenerated FROM pg_attribute WHERE attrelid = "
        "'" +
        std::string(table) + "'::regclass AND attnum > 0 ORDER BY attnum";
    EXPECT_EQ(cluster.sql(back, columns), cluster.sql(there, columns)) << table;
  }
}

}  // namespace
}  // namespace twoway::test
