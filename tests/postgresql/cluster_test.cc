// The tests' own server does what the tests rely on.
#include <gtest/gtest.h>

#include "tests/support/places.h"
#include "tests/support/postgresql_cluster.h"

namespace twoway::test {
namespace {

TEST(Cluster, LoadsADump) {
  PostgresqlCluster& cluster = shared_cluster();
  const std::string database = cluster.create_database();
  cluster.load(database, source_directory() / "tests/data/openwebui/real-pg-0.12.4.sql.zst");
  EXPECT_EQ(cluster.sql(database, "SELECT count(*), current_user FROM chat"), "14|webui");
}

TEST(Cluster, ComesBackAfterItWasKilled) {
  PostgresqlCluster cluster;
  const std::string database = cluster.create_database();
  cluster.sql(database, "CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2)");
  cluster.restart(true);
  EXPECT_EQ(cluster.sql(database, "SELECT sum(a) FROM t"), "3");
  cluster.stop();
  EXPECT_FALSE(cluster.running());
  cluster.start();
  EXPECT_EQ(cluster.sql(database, "SHOW fsync"), "on");
}

TEST(Cluster, AsksForPasswords) {
  PostgresqlOptions options;
  options.passwords = true;
  options.fsync = false;
  PostgresqlCluster cluster(options);
  EXPECT_EQ(cluster.sql("postgres", "SHOW fsync"), "off");
  const std::string wrong = "postgresql://webui:wrong@127.0.0.1:" + std::to_string(cluster.port()) + "/postgres";
  const ProcessResult result =
      run({postgresql_program("psql").string(), "--no-password", "--dbname", wrong, "--command", "SELECT 1"});
  EXPECT_NE(result.status, 0) << result.describe();
  EXPECT_EQ(run_checked({postgresql_program("psql").string(), "--no-password", "--tuples-only", "--no-align",
                         "--dbname", cluster.socket_url("postgres"), "--command", "SELECT 1"}),
            "1\n");
}

}  // namespace
}  // namespace twoway::test
