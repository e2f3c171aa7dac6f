// Backing out where the target is reached over the network.
#include <gtest/gtest.h>

#include "runtime/migrate/restore.h"
#include "tests/end_to_end/journey.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/places.h"
#include "tests/support/pocketbase_server.h"
#include "tests/support/postgresql_cluster.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;

RunReport carry_to(const fs::path& from, const std::string& url, const fs::path& state) {
  RunOptions options;
  options.from = from.string();
  options.to = url;
  options.state_directory = state.string();
  options.pocketbase = pocketbase_program().string();
  return migrate(mapping_under_test(), options);
}

TEST(RestoreRemote, PostgresqlIsAsItWasAndNothingIsDeleted) {
  const TemporaryDirectory directory("restore_remote");
  const fs::path source = real(directory.path()), state = directory / "state";
  PostgresqlCluster& cluster = shared_cluster();
  const std::string database = cluster.create_database();
  expect_faithful(carry_to(source, cluster.url(database), state));
  cluster.sql(database, "UPDATE chat SET title = 'mine'; DELETE FROM note");
  const RunReport report = carry_to(source, cluster.url(database), state);
  expect_faithful(report);
  ASSERT_NE(report.backup, "");
  const std::string done = restore({state, cluster.url(database), {}, {}});
  EXPECT_NE(done.find("is as it was before the run; what was there is in its schema twoway_before_restore_"),
            std::string::npos)
      << done;
  EXPECT_EQ(done.find(PostgresqlCluster::password), std::string::npos);
  EXPECT_EQ(cluster.sql(database, "SELECT DISTINCT title FROM chat; SELECT count(*) FROM note"), "mine\n0");
  // It can be used again at once.
  expect_faithful(carry_to(source, cluster.url(database), state));
}

TEST(RestoreRemote, PostgresqlThatTheRunFilledIsEmptyAgain) {
  const TemporaryDirectory directory("restore_remote");
  const fs::path source = real(directory.path()), state = directory / "state";
  PostgresqlCluster& cluster = shared_cluster();
  const std::string database = cluster.create_database();
  expect_faithful(carry_to(source, cluster.url(database), state));
  restore({state, cluster.url(database), {}, {}});
  EXPECT_EQ(cluster.sql(database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), "0");
  expect_faithful(carry_to(source, cluster.url(database), state));
}

TEST(RestoreRemote, AServerGoesBackToItsBackup) {
  const TemporaryDirectory directory("restore_remote");
  const fs::path source = real(directory.path()), state = directory / "state";
  const PocketBaseServer server(directory / "pb_data");
  ASSERT_EQ(setenv("POCKETBASE_SUPERUSER_EMAIL", PocketBaseServer::superuser_email, 1), 0);
  ASSERT_EQ(setenv("POCKETBASE_SUPERUSER_PASSWORD", PocketBaseServer::superuser_password, 1), 0);
  const RunReport report = carry_to(source, server.url(), state);
  expect_faithful(report);
  ASSERT_TRUE(report.backup.starts_with("twoway_")) << report.backup;
  EXPECT_EQ(server.superuser().get("/api/collections/chats/records?perPage=1").status, 200);
  const std::string done = restore({state, {}, {}, {}});
  EXPECT_TRUE(done.starts_with(server.url() + " is as it was before the run; what was there is its backup twoway_"))
      << done;
  EXPECT_EQ(server.superuser().get("/api/collections/chats/records?perPage=1").status, 404);
}

}  // namespace
}  // namespace twoway::test
