// What is read of a live database's catalog.
#include "runtime/store/postgresql/schema.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/places.h"
#include "tests/support/postgresql_cluster.h"

namespace twoway::postgresql {
namespace {

using test::shared_cluster;

std::string real_database() {
  static const std::string database = [] {
    const std::string name = shared_cluster().create_database();
    shared_cluster().load(name, test::source_directory() / "tests/data/openwebui/real-pg-0.12.4.sql.zst");
    return name;
  }();
  return database;
}

TEST(Schema, OfOpenWebUI) {
  Connection connection(parse_address(shared_cluster().url(real_database())), Access::read_only);
  const LiveSchema schema = read_schema(connection);
  EXPECT_EQ(schema.tables.size(), 48U);
  std::size_t columns = 0, keys = 0;
  for (const LiveTable& table : schema.tables) {
    columns += table.columns.size();
    keys += table.foreign_keys.size();
    EXPECT_FALSE(table.key().empty()) << table.name;
    for (const LiveColumn& column : table.columns) EXPECT_FALSE(column.is_cast()) << table.name << "." << column.type;
  }
  EXPECT_EQ(columns, 426U);
  EXPECT_EQ(keys, 19U);
  const LiveTable& file = *schema.find("file");
  EXPECT_TRUE(file.find("data")->evaluated);
  EXPECT_TRUE(file.find("meta")->evaluated);
  EXPECT_FALSE(schema.find("chat")->find("chat")->evaluated);
  EXPECT_EQ(schema.find("tag")->key(), (std::vector<std::string>{"id", "user_id"}));
  EXPECT_EQ(schema.find("config_old")->sequences.at(0).column, "id");
}

TEST(Schema, ItsTablesCanBeMadeAgain) {
  Connection connection(parse_address(shared_cluster().url(real_database())), Access::read_only);
  const LiveSchema schema = read_schema(connection);
  Connection other(parse_address(shared_cluster().url(shared_cluster().create_database())), Access::read_write);
  for (const LiveTable& table : schema.tables) other.execute(table.sql());
  for (const LiveTable& table : schema.tables) {
    for (const LiveForeignKey& key : table.foreign_keys) {
      other.execute("ALTER TABLE " + quoted_name(table.name) + " ADD " + key.definition);
    }
  }
  for (const LiveObject& object : schema.objects) other.execute(object.sql);
  const LiveSchema again = read_schema(other);
  ASSERT_EQ(again.tables.size(), schema.tables.size());
  for (std::size_t i = 0; i < schema.tables.size(); ++i) {
    if (schema.tables[i].sequences.empty()) {
      EXPECT_EQ(again.tables[i].sql(), schema.tables[i].sql());
    }
    EXPECT_EQ(again.tables[i].indexes.size(), schema.tables[i].indexes.size());
    EXPECT_EQ(again.tables[i].foreign_keys.size(), schema.tables[i].foreign_keys.size());
  }
}

}  // namespace
}  // namespace twoway::postgresql
