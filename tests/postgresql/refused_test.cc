// Rows that a table refuses: they wait beside it, the others go through.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "tests/postgresql/tables_support.h"

namespace twoway::postgresql {
namespace {

using test::PostgresqlCluster;
using test::shared_cluster;

Value text(std::string_view bytes) { return Value::text(bytes); }

TEST(Refused, TwoPeopleOfOneAddress) {
  PostgresqlCluster& cluster = shared_cluster();
  const std::string name = cluster.create_database();
  cluster.sql(name, "CREATE TABLE people (id text PRIMARY KEY, email text); CREATE UNIQUE INDEX people_email ON people "
                    "(lower(email)); CREATE INDEX by_email ON people (email)");
  Opened opened(cluster, name);
  opened.tables.start_load();
  std::vector<std::string> ids, emails;
  std::vector<std::vector<Value>> rows;
  constexpr int many = 2000;
  for (int i = 0; i < many; ++i) {
    ids.push_back(fmt::format("p{}", i));
    emails.push_back(i % 500 == 7 ? "Bob@example.com" : i == 1999 ? "BOB@example.com" : fmt::format("p{}@x", i));
  }
  for (std::size_t i = 0; i < ids.size(); ++i) rows.push_back({text(ids[i]), text(emails[i])});
  EXPECT_EQ(opened.write("people", rows).inserted, 2000U);
  opened.tables.finish_load();
  EXPECT_EQ(opened.refused(), std::vector<std::string>{"people : unique index people_email (4)"});
  EXPECT_EQ(opened.tables.refused()[0].examples, (std::vector<std::string>{"p507", "p1007", "p1507", "p1999"}));
  EXPECT_EQ(cluster.sql(name, "SELECT count(*), count(*) FILTER (WHERE lower(email) = 'bob@example.com') FROM people"),
            "1996|1");
  EXPECT_EQ(opened.tables.count("people"), 2000U);
  EXPECT_EQ(opened.read("people").size(), 2000U);
  std::vector<Value> found;
  const Value key = text("p1007");
  EXPECT_TRUE(opened.tables.find(opened.shape("people"), {&key, 1}, found));
  EXPECT_EQ(found[1].bytes(), "Bob@example.com");
  EXPECT_EQ(opened.write("people", rows).unchanged, 2000U);

  // A row that changes so that it is refused does not stay in the table as it was.
  EXPECT_EQ(opened.write("people", {{text("p3"), text("bob@EXAMPLE.com")}}).inserted, 1U);
  EXPECT_EQ(opened.tables.count("people"), 2000U);
  EXPECT_EQ(cluster.sql(name, "SELECT count(*) FROM people WHERE id = 'p3'"), "0");
  // And one that is accepted again does not wait any more.
  EXPECT_EQ(opened.write("people", {{text("p3"), text("p3@x")}}).inserted, 1U);
  EXPECT_EQ(opened.tables.count("people"), 2000U);
  EXPECT_EQ(cluster.sql(name, "SELECT count(*) FROM twoway_residue"), "4");
}

TEST(Refused, ConstraintsOfEveryKind) {
  PostgresqlCluster& cluster = shared_cluster();
  const std::string name = cluster.create_database();
  cluster.sql(name, "CREATE TABLE parent (id bigint PRIMARY KEY); CREATE TABLE t (id bigint PRIMARY KEY, n bigint "
                    "CHECK (n > 0), p bigint REFERENCES parent, EXCLUDE USING btree (n WITH =)); CREATE FUNCTION no() "
                    "RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.id = 4 THEN RAISE check_violation USING "
                    "MESSAGE = 'no fours'; END IF; RETURN NEW; END $$; CREATE TRIGGER no BEFORE INSERT ON t FOR EACH "
                    "ROW EXECUTE FUNCTION no()");
  Opened opened(cluster, name);
  const std::vector<std::vector<Value>> rows{
      {Value::integer(1), Value::integer(0), Value::null()}, {Value::integer(2), Value::integer(2), Value::integer(9)},
      {Value::integer(3), Value::integer(3), Value::null()}, {Value::integer(4), Value::integer(4), Value::null()},
      {Value::integer(5), Value::integer(3), Value::null()}, {Value::integer(3), Value::integer(8), Value::null()}};
  const Settlement settled = opened.write("t", rows);
  EXPECT_EQ(settled.inserted, 5U);
  EXPECT_EQ(settled.updated, 1U) << "the second row 3 comes after the first";
  // A trigger's own words may hold what is in the row: they are not repeated.
  EXPECT_EQ(opened.refused(),
            (std::vector<std::string>{"t : a trigger or function refused it (1)", "t : check t_n_check (1)",
                                      "t : constraint t_n_excl (1)", "t : foreign key t_p_fkey (1)"}));
  EXPECT_EQ(cluster.sql(name, "SELECT * FROM t ORDER BY 1"), "3|8|");
  EXPECT_EQ(opened.read("t"),
            (std::vector<std::string>{"i1|i0|n", "i2|i2|i9", "i3|i8|n", "i4|i4|n", "i5|i3|n"}));
}

TEST(Refused, KeysThatNoIndexTakes) {
  PostgresqlCluster& cluster = shared_cluster();
  const std::string name = cluster.create_database();
  cluster.sql(name, "CREATE TABLE t (id text PRIMARY KEY)");
  Opened opened(cluster, name);
  std::string long_key;
  for (int i = 0; i < 4000; ++i) long_key += fmt::format("{:x}", (i * 7919 + i * i * 31) % 65536);
  const std::string other_key = long_key + "x";
  EXPECT_EQ(opened.write("t", {{text(long_key)}, {text("a")}, {text(other_key)}}).inserted, 3U);
  EXPECT_EQ(cluster.sql(name, "SELECT id FROM t"), "a");
  EXPECT_EQ(opened.read("t").size(), 3U);
  std::vector<Value> found;
  for (const std::string& id : {long_key, other_key}) {
    const Value key = text(id);
    ASSERT_TRUE(opened.tables.find(opened.shape("t"), {&key, 1}, found));
    EXPECT_EQ(found[0].bytes(), id);
  }
  EXPECT_EQ(opened.write("t", {{text(long_key)}, {text("a")}, {text(other_key)}}).unchanged, 3U);
}

TEST(Refused, OrphansAndTheOrphansOfOrphans) {
  PostgresqlCluster& cluster = shared_cluster();
  const std::string name = cluster.create_database();
  cluster.sql(name, "CREATE TABLE a (id bigint PRIMARY KEY, up bigint REFERENCES a ON DELETE CASCADE, note text); "
                    "CREATE TABLE b (id bigint PRIMARY KEY, a bigint NOT NULL, CONSTRAINT b_to_a FOREIGN KEY (a) "
                    "REFERENCES a(id)); CREATE TABLE c (x bigint, y bigint, PRIMARY KEY (x, y)); CREATE TABLE d (x "
                    "bigint, y bigint, FOREIGN KEY (x, y) REFERENCES c MATCH FULL)");
  Opened opened(cluster, name);
  opened.tables.start_load();
  const auto integers = [](std::initializer_list<std::int64_t> list) {
    std::vector<Value> row;
    for (const std::int64_t i : list) row.push_back(i < 0 ? Value::null() : Value::integer(i));
    return row;
  };
  std::vector<std::vector<Value>> rows;
  for (std::int64_t i = 1; i <= 300; ++i) rows.push_back(integers({i, i - 1, -1}));  // a chain that hangs on nothing
  rows.push_back(integers({2000, -1, -1}));
  rows[70][2] = Value::text(std::string_view("a\0b", 3));
  opened.write("a", rows);
  opened.write("b", {integers({1, 3}), integers({2, 2000})});
  opened.write("c", {integers({1, 1})});
  opened.write("d", {integers({1, 1}), integers({1, -1}), integers({-1, -1}), integers({2, 1})});
  opened.tables.finish_load();
  EXPECT_EQ(opened.refused(),
            (std::vector<std::string>{"a : foreign key a_up_fkey (300)", "a note: a NUL in text (1)",
                                      "b : foreign key b_to_a (1)", "d : foreign key d_x_y_fkey (2)"}));
  EXPECT_EQ(cluster.sql(name, "SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM b), (SELECT count(*) FROM d), "
                              "(SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated)"),
            "1|1|2|3");
  EXPECT_EQ(opened.tables.count("a"), 301U);
  EXPECT_EQ(opened.read("d"), (std::vector<std::string>{"i1|i1", "i1|n", "i2|i1", "n|n"}));
  const auto back = opened.read("a");
  EXPECT_EQ(back.size(), 301U);
  EXPECT_NE(std::find(back.begin(), back.end(), "i71|i70|ta\\x00b"), back.end());
  EXPECT_EQ(cluster.sql(name, "SELECT count(*) FROM twoway_residue WHERE entity LIKE 'values%'"), "0");
}

TEST(Refused, RowsOfTablesWithoutAKey) {
  PostgresqlCluster& cluster = shared_cluster();
  const std::string name = cluster.create_database();
  cluster.sql(name, "CREATE TABLE t (v text, n numeric(5, 1) CHECK (n < 100))");
  Opened opened(cluster, name);
  const std::vector<std::vector<Value>> rows{{text("a"), Value::integer(1)},
                                             {text("a"), Value::integer(1)},
                                             {text(std::string_view("\0", 1)), Value::null()},
                                             {text(std::string_view("\0", 1)), Value::null()},
                                             {text("b"), text("1.5000")},
                                             {text("c"), Value::real(500.5)},
                                             {text("d"), Value::real(0.5)}};
  EXPECT_EQ(opened.write("t", rows).inserted, 7U);
  EXPECT_EQ(opened.read("t"),
            (std::vector<std::string>{"t\\x00|n", "t\\x00|n", "ta|i1", "ta|i1", "tb|t1.5000", "tc|r407f480000000000",
                                      "td|r3fe0000000000000"}));
  EXPECT_EQ(cluster.sql(name, "SELECT to_regclass('twoway_unfinished')"), "");
  // The others wait: 1 would be 1.0 here, and nothing tells one row from another.
  EXPECT_EQ(cluster.sql(name, "SELECT * FROM t ORDER BY 1"), "d|0.5");
  EXPECT_EQ(opened.tables.erase(opened.shape("t"), {}), 7U);
  EXPECT_EQ(opened.tables.count("t"), 0U);
}

TEST(Refused, TheKeyOfTheSourceMayHaveNoIndexHere) {
  PostgresqlCluster& cluster = shared_cluster();
  const std::string name = cluster.create_database();
  cluster.sql(name, "CREATE TABLE t (a text, b bigint, v json)");
  Opened opened(cluster, name);
  TableShape shape = opened.shape("t");
  shape.key = {0, 1};
  const auto write = [&](std::vector<std::vector<Value>> rows) {
    const auto writer = opened.tables.write(shape, false);
    for (const auto& row : rows) writer->write(row);
    return writer->settle(true);
  };
  EXPECT_EQ(write({{text("x"), Value::null(), text("{}")}, {text("x"), Value::integer(1), text("[]")}}).inserted, 2U);
  const Settlement again =
      write({{text("x"), Value::null(), text("{ }")}, {text("x"), Value::integer(1), text("[]")}});
  EXPECT_EQ(again.updated, 1U);
  EXPECT_EQ(again.unchanged, 1U);
  EXPECT_EQ(cluster.sql(name, "SELECT * FROM t ORDER BY b"), "x|1|[]\nx||{ }");
}

TEST(Refused, ADryRunCountsAndWritesNothing) {
  PostgresqlCluster& cluster = shared_cluster();
  const std::string name = cluster.create_database();
  cluster.sql(name, "CREATE TABLE t (id text PRIMARY KEY, v json)");
  Opened opened(cluster, name);
  const auto writer = opened.tables.write(opened.shape("t"), true);
  writer->write(std::vector{text("a"), text("{")});
  writer->write(std::vector{text(std::string_view("\0", 1)), text("{}")});
  EXPECT_EQ(writer->settle(true).inserted, 0U);
  EXPECT_EQ(opened.refused(),
            (std::vector<std::string>{"t : a NUL in text (its key id) (1)", "t v: a text that is no JSON (1)"}));
  EXPECT_EQ(cluster.sql(name, "SELECT (SELECT count(*) FROM t), to_regclass('twoway_residue')"), "0|");
}

}  // namespace
}  // namespace twoway::postgresql
