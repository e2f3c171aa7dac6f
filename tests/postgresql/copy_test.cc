// Whole databases from one PostgreSQL server into another database.
#include <gtest/gtest.h>

#include "tests/postgresql/tables_support.h"

namespace twoway::postgresql {
namespace {

using test::PostgresqlCluster;
using test::shared_cluster;

/// Indexes, constraints and sequences, as text to compare.
std::string structure(PostgresqlCluster& cluster, const std::string& database) {
  return cluster.sql(database,
                     "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE 'twoway%' "
                     "ORDER BY 1; SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint "
                     "WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT LIKE 'twoway%' "
                     "ORDER BY 1, 2; SELECT sequencename, last_value FROM pg_sequences");
}

TEST(Copy, OfARealDatabaseIsEqual) {
  PostgresqlCluster& cluster = shared_cluster();
  const std::string from = real_database(cluster);
  const std::string to = empty_copy_of_real(cluster);
  {
    Opened source(cluster, from, Access::read_only);
    Opened target(cluster, to);
    target.tables.start_load();
    const Settlement first = copy_all(source.tables, target.tables);
    target.tables.finish_load();
    EXPECT_GT(first.inserted, 400U);
    EXPECT_EQ(first.updated + first.unchanged + first.rejected.size(), 0U);
    EXPECT_EQ(target.refused(), std::vector<std::string>{});
    const Settlement second = copy_all(source.tables, target.tables);
    EXPECT_EQ(second.unchanged, first.inserted);
    EXPECT_EQ(second.inserted + second.updated + second.rejected.size(), 0U);
  }
  EXPECT_EQ(digest(cluster, from), digest(cluster, to));
  EXPECT_EQ(structure(cluster, from), structure(cluster, to));
  EXPECT_EQ(cluster.sql(to, "SELECT tablename FROM pg_tables WHERE tablename LIKE 'twoway%'"), "");
  EXPECT_EQ(cluster.sql(to, "SELECT DISTINCT pg_column_compression(chat) FROM chat WHERE length(chat::text) > 100000"),
            "lz4");
}

TEST(Copy, RepairsWhatDiffers) {
  PostgresqlCluster& cluster = shared_cluster();
  const std::string from = real_database(cluster);
  const std::string to = real_database(cluster);
  cluster.sql(to, "UPDATE chat SET chat = (chat::text || ' ')::json, title = 'x'; DELETE FROM memory; UPDATE config "
                  "SET value = '7.0'");
  const std::string chats = cluster.sql(from, "SELECT count(*) FROM chat");
  const std::string memories = cluster.sql(from, "SELECT count(*) FROM memory");
  const std::string settings = cluster.sql(from, "SELECT count(*) FROM config");
  Opened source(cluster, from, Access::read_only);
  Opened target(cluster, to);
  const Settlement settled = copy_all(source.tables, target.tables);
  EXPECT_EQ(settled.updated, std::stoul(chats) + std::stoul(settings));
  EXPECT_EQ(settled.inserted, std::stoul(memories));
  EXPECT_EQ(digest(cluster, from), digest(cluster, to));
}

TEST(Copy, ASourceIsReadAsOfOneMoment) {
  PostgresqlCluster& cluster = shared_cluster();
  const std::string from = real_database(cluster);
  Opened source(cluster, from, Access::read_only);
  const std::size_t chats = source.read("chat").size();
  cluster.sql(from, "DELETE FROM chat");
  EXPECT_EQ(source.read("chat").size(), chats);
  EXPECT_EQ(source.tables.count("chat"), chats);
  const auto another = source.database.open_another();
  EXPECT_EQ(static_cast<std::size_t>(another->integer("SELECT count(*) FROM chat")), chats);
  EXPECT_EQ(source.tables.write(source.shape("chat"), true)->settle(true).inserted, 0U);
  EXPECT_THROW(source.tables.write(source.shape("chat"), false), Error);
}

}  // namespace
}  // namespace twoway::postgresql
