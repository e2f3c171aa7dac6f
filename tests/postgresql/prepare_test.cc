// Databases before a run: empty, prepared, backed up.
#include "runtime/store/postgresql/prepare.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string_view>

#include "runtime/model/error.h"
#include "tests/postgresql/tables_support.h"
#include "tests/support/temporary_directory.h"

namespace twoway::postgresql {
namespace {

using test::PostgresqlCluster;
using test::shared_cluster;

TEST(Prepare, MakesTheTablesOfAnEmptyDatabaseOrNone) {
  PostgresqlCluster& cluster = shared_cluster();
  const std::string name = cluster.create_database();
  const Address address = parse_address(cluster.url(name));
  constexpr std::string_view good[] = {"CREATE TABLE a (id text PRIMARY KEY)", "INSERT INTO a VALUES ('x')"};
  constexpr std::string_view bad[] = {"CREATE TABLE a (id text PRIMARY KEY)", "CREATE TABLE a (id text)"};
  Mapping mapping{};
  mapping.name = "shop";
  EXPECT_TRUE(is_empty_postgresql(mapping, address));
  EXPECT_THROW(prepare_postgresql(mapping, address), Error);
  mapping.postgresql_schema = bad;
  EXPECT_THROW(prepare_postgresql(mapping, address), Error);
  EXPECT_TRUE(is_empty_postgresql(mapping, address));
  mapping.postgresql_schema = good;
  prepare_postgresql(mapping, address);
  EXPECT_EQ(cluster.sql(name, "SELECT * FROM a"), "x");
  EXPECT_FALSE(is_empty_postgresql(mapping, address));
  try {
    prepare_postgresql(mapping, address);
    ADD_FAILURE() << "prepared twice";
  } catch (const Error& error) {
    EXPECT_EQ(error.what(), address.describe() + " is not empty");
    EXPECT_EQ(error.hint(), "`prepare` makes tables in an empty database or schema only. Choose another one.");
  }
}

TEST(Prepare, ABackupCanBeRestored) {
  test::PostgresqlOptions options;
  options.passwords = true;
  options.fsync = false;
  PostgresqlCluster cluster(options);
  const std::string name = real_database(cluster);
  const test::TemporaryDirectory directory("backup");
  const Address address = parse_address(cluster.url(name));
  const auto file = back_up_postgresql(address, directory / "backups", "20260102-030405");
  EXPECT_EQ(file, directory / "backups" / ("20260102-030405-" + name + ".dump"));
  EXPECT_EQ(std::filesystem::status(file).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  const auto second = back_up_postgresql(address, directory / "backups", "20260102-030405");
  EXPECT_EQ(second, directory / "backups" / ("20260102-030405-2-" + name + ".dump"));
  const std::string other = cluster.create_database();
  test::run_checked({test::postgresql_program("pg_restore").string(), "--no-owner", "--schema=public", "--dbname",
                     cluster.url(other), file.string()});
  EXPECT_EQ(digest(cluster, name), digest(cluster, other));
}

TEST(Prepare, ABackupThatCannotBeMade) {
  PostgresqlCluster& cluster = shared_cluster();
  const std::string name = cluster.create_database();
  cluster.sql(name, "CREATE SCHEMA hidden; CREATE TABLE hidden.t (a int)", PostgresqlCluster::superuser);
  cluster.sql(name, "GRANT USAGE ON SCHEMA hidden TO webui", PostgresqlCluster::superuser);
  const test::TemporaryDirectory directory("backup");
  const Address address = parse_address(cluster.url(name), "hidden");
  try {
    back_up_postgresql(address, directory.path(), "stamp");
    ADD_FAILURE() << "a table was read without the right";
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).find("the backup of " + address.describe() + " failed: "), 0U);
    EXPECT_NE(std::string(error.what()).find("pg_dump"), std::string::npos) << error.what();
  }
  EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
}

}  // namespace
}  // namespace twoway::postgresql
