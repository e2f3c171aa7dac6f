// Tables and objects that are made.
#include <gtest/gtest.h>

#include "tests/postgresql/tables_support.h"

namespace twoway::postgresql {
namespace {

using test::PostgresqlCluster;
using test::shared_cluster;

TEST(Ensure, TablesFromAnotherKindOfDatabase) {
  PostgresqlCluster& cluster = shared_cluster();
  const std::string name = cluster.create_database();
  Opened opened(cluster, name);
  TableShape shape;
  shape.name = "Any Table";
  shape.columns = {{"id", "TEXT", SqlType::text, true},          {"n", "INTEGER", SqlType::integer, false},
                   {"b", "BOOLEAN", SqlType::boolean, true},     {"j", "JSON", SqlType::json, false},
                   {"d", "DATE", SqlType::date, false},          {"t", "DATETIME", SqlType::datetime, false},
                   {"r", "FLOAT", SqlType::real, false},         {"x", "BLOB", SqlType::blob, false}};
  shape.key = {0};
  shape.sql = "CREATE TABLE \"Any Table\" (words of another database)";
  opened.tables.ensure(shape, true);
  opened.tables.ensure(shape, true);
  EXPECT_EQ(opened.tables.shapes()[0].sql,
            "CREATE TABLE \"Any Table\" (\n  \"id\" text NOT NULL,\n  \"n\" bigint,\n  \"b\" boolean NOT NULL,\n  "
            "\"j\" json,\n  \"d\" date,\n  \"t\" timestamp without time zone,\n  \"r\" double precision,\n  \"x\" "
            "bytea,\n  CONSTRAINT \"Any Table_pkey\" PRIMARY KEY (id)\n)");
  shape.columns.push_back({"more", "VARCHAR(9)", SqlType::text, true});
  opened.tables.ensure(shape, true);
  const TableShape live = opened.shape("Any Table");
  EXPECT_EQ(live.columns.size(), 9U);
  EXPECT_EQ(live.columns[8].declared_type, "text");
  EXPECT_EQ(live.key, std::vector<std::size_t>{0});
}

TEST(Ensure, TablesAndObjectsOfAnotherPostgresql) {
  PostgresqlCluster& cluster = shared_cluster();
  const std::string from = cluster.create_database();
  const std::string to = cluster.create_database();
  cluster.sql(from, "CREATE TABLE t (id serial PRIMARY KEY, u uuid NOT NULL UNIQUE, v varchar(5) DEFAULT 'x' CHECK (v "
                    "<> ''), w bigint GENERATED ALWAYS AS (id * 2) STORED, k bigint GENERATED ALWAYS AS IDENTITY); "
                    "CREATE INDEX i ON t (lower(v)) WHERE id > 1; CREATE VIEW seen AS SELECT id FROM t; INSERT INTO t "
                    "(id, u) SELECT g, gen_random_uuid() FROM generate_series(1, 9) AS g");
  Opened source(cluster, from, Access::read_only);
  Opened target(cluster, to);
  for (const TableShape& shape : source.tables.shapes()) target.tables.ensure(shape, false);
  for (const TableObject& object : source.tables.objects()) {
    EXPECT_EQ(target.tables.ensure(object).what, Written::inserted);
    EXPECT_EQ(target.tables.ensure(object).what, Written::unchanged);
  }
  target.tables.start_load();
  EXPECT_EQ(copy_all(source.tables, target.tables).inserted, 9U);
  target.tables.finish_load();
  EXPECT_EQ(copy_all(source.tables, target.tables).unchanged, 9U);
  EXPECT_EQ(digest(cluster, from), digest(cluster, to));
  EXPECT_EQ(cluster.sql(to, "INSERT INTO t (u) VALUES (gen_random_uuid()) RETURNING id, k"), "10|10");
  EXPECT_EQ(cluster.sql(to, "SELECT count(*) FROM seen"), "10");
  EXPECT_EQ(target.tables.ensure(TableObject{"view", "bad", "bad", "CREATE VIEW bad AS SELECT nothing"}).reason,
            "column \"nothing\" does not exist");
}

}  // namespace
}  // namespace twoway::postgresql
