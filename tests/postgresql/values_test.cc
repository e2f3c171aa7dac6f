// What the server makes of values: written through a table, read back through a COPY and through look-ups.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>

#include "runtime/store/postgresql/codec.h"
#include "runtime/store/postgresql/json_grammar.h"
#include "runtime/store/postgresql/number_text.h"
#include "tests/postgresql/tables_support.h"

namespace twoway::postgresql {
namespace {

using namespace std::string_view_literals;
using test::PostgresqlCluster;
using test::shared_cluster;

Value text(std::string_view bytes) { return Value::text(bytes); }

/// A table `t (id bigint primary key, v TYPE)` in a database of its own.
struct OneColumn {
  std::string database;
  Opened opened;

  explicit OneColumn(const std::string& type)
      : database([&] {
          const std::string name = shared_cluster().create_database();
          shared_cluster().sql(name, "CREATE TABLE t (id bigint PRIMARY KEY, v " + type + ")");
          return name;
        }()),
        opened(shared_cluster(), database) {}

  /// What `v` shows to psql, row by row.
  std::string shown(std::string_view expression = "v") {
    return shared_cluster().sql(database, "SELECT coalesce((" + std::string(expression) +
                                              ")::text, 'NULL') FROM t ORDER BY id");
  }
  void write(const std::vector<Value>& values) {
    std::vector<std::vector<Value>> rows;
    for (const Value& value : values) rows.push_back({Value::integer(std::ssize(rows)), value});
    const Settlement settled = opened.write("t", rows);
    EXPECT_EQ(settled.inserted, values.size());
    EXPECT_EQ(settled.rejected.size(), 0U);
  }
  /// Reads all rows back, by both ways, and expects these values, bit by bit.
  void expect(const std::vector<Value>& values) {
    const TableShape shape = opened.shape("t");
    std::vector<std::string> wanted;
    for (std::size_t i = 0; i < values.size(); ++i) {
      wanted.push_back("i" + std::to_string(i) + "|" + tagged_text(values[i]));
      const Value key = Value::integer(static_cast<std::int64_t>(i));
      std::vector<Value> found;
      ASSERT_TRUE(opened.tables.find(shape, {&key, 1}, found));
      EXPECT_EQ(tagged_text(found[1]), tagged_text(values[i]));
    }
    std::sort(wanted.begin(), wanted.end());
    EXPECT_EQ(opened.read("t"), wanted);
  }
  /// Values that the column holds exactly: nothing is kept beside them, and a second run changes nothing.
  void holds(const std::vector<Value>& values) {
    write(values);
    expect(values);
    EXPECT_EQ(opened.refused(), std::vector<std::string>{});
    std::vector<std::vector<Value>> rows;
    for (const Value& value : values) rows.push_back({Value::integer(std::ssize(rows)), value});
    EXPECT_EQ(opened.write("t", rows).unchanged, values.size());
  }
};

TEST(Values, Numbers) {
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  OneColumn("bigint").holds({Value::null(), Value::integer(0), Value::integer(-1), Value::integer(least),
                             Value::integer(most), Value::integer(1763697783123456789)});
  OneColumn("integer").holds({Value::integer(-2147483648), Value::integer(2147483647), Value::null()});
  OneColumn("smallint").holds({Value::integer(-32768), Value::integer(32767)});
  OneColumn("boolean").holds({Value::integer(0), Value::integer(1), Value::null()});
  OneColumn("double precision")
      .holds({Value::real(0.0), Value::real(-0.0), Value::real(5e-324), Value::real(1e308), Value::real(0.1),
              Value::real(std::numeric_limits<double>::infinity()), Value::real(3.0), Value::null()});
  OneColumn("real").holds({Value::real(0.5), Value::real(static_cast<double>(0.1F)), Value::real(-0.0)});
  OneColumn("numeric").holds({Value::integer(7), Value::real(1.5), text("1.50"), Value::null(),
                              text("12345678901234567890.123456789")});
}

TEST(Values, ZeroesOfBothSignsAreTold) {
  OneColumn column("double precision");
  column.write({Value::real(0.0)});
  EXPECT_EQ(column.opened.write("t", {{Value::integer(0), Value::real(-0.0)}}).updated, 1U);
  column.expect({Value::real(-0.0)});
}

TEST(Values, TextAndBytes) {
  const std::string all_bytes = [] {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
    return bytes;
  }();
  OneColumn("text").holds({text(""), text("\xF0\x9F\x99\x82 \\ \" ' \t\n\r\x01\x7F"), text("\\N"), Value::null()});
  OneColumn("varchar(3)").holds({text("abc"), text("\xF0\x9F\x99\x82\xC3\xA4x"), text("")});
  OneColumn("char(3)").holds({text("abc"), text("a  ")});
  OneColumn("bytea").holds({Value::blob(all_bytes), Value::blob(""), Value::null()});
}

TEST(Values, DatesAndTimes) {
  OneColumn date("date");
  date.holds({text("1970-01-01"), text("2000-02-29"), text("0001-01-01"), text("9999-12-31"), text("10000-01-01"),
              text("5874897-12-31"), text("4714-11-24 BC"), text("infinity"), text("-infinity"), Value::null()});
  EXPECT_EQ(date.shown(), "1970-01-01\n2000-02-29\n0001-01-01\n9999-12-31\n10000-01-01\n5874897-12-31\n4714-11-24 BC\n"
                          "infinity\n-infinity\nNULL");
  OneColumn time("timestamp");
  time.holds({text("1970-01-01 00:00:00.000000"), text("2024-02-29 23:59:59.999999"),
              text("1999-12-31 23:59:59.000001"), text("0001-01-01 00:00:00.000000"),
              text("294276-12-31 23:59:59.999999"), text("4714-11-24 00:00:00.000000 BC"),
              text("infinity"), Value::null()});
  EXPECT_EQ(time.shown(), "1970-01-01 00:00:00\n2024-02-29 23:59:59.999999\n1999-12-31 23:59:59.000001\n"
                          "0001-01-01 00:00:00\n294276-12-31 23:59:59.999999\n4714-11-24 00:00:00 BC\ninfinity\nNULL");
  const std::vector<Value> other{text("2024-01-01 10:20:30"), text("2024-01-01T10:20:30.5"), text("2024-01-01"),
                                 text("2023-02-29 00:00:00.000000"), Value::integer(1700000000), text("now"),
                                 text("294277-01-01 00:00:00.000000")};
  OneColumn sloppy("timestamp");
  sloppy.write(other);
  sloppy.expect(other);
  EXPECT_EQ(sloppy.shown(), "2024-01-01 10:20:30\n2024-01-01 10:20:30.5\n2024-01-01 00:00:00\nNULL\nNULL\nNULL\nNULL");
}

TEST(Values, TimestampsOfFewerDigitsAreRoundedAsTheServerDoes) {
  const std::vector<Value> times{text("2024-01-01 10:20:30.123456"), text("2024-01-01 10:20:30.123500"),
                                 text("1999-01-01 10:20:30.123500"), text("2024-01-01 10:20:30.120000")};
  OneColumn column("timestamp(3)");
  column.write(times);
  column.expect(times);
  EXPECT_EQ(column.shown(), shared_cluster().sql(column.database,
                                                 "SELECT v::timestamp(3) FROM (VALUES ('2024-01-01 10:20:30.123456'), "
                                                 "('2024-01-01 10:20:30.1235'), ('1999-01-01 10:20:30.1235'), "
                                                 "('2024-01-01 10:20:30.12')) AS t(v)"));
  EXPECT_EQ(column.opened.refused(),
            std::vector<std::string>{"t v: a date or time in another form than the column's (3)"});
}

TEST(Values, OfOtherTypesTravelAsText) {
  OneColumn("uuid").holds({text("3f2504e0-4f89-11d3-9a0c-0305e82c3301"), Value::null()});
  OneColumn("jsonb").holds({text("{\"a\": [1, 2]}"), text("null"), Value::null()});
  OneColumn("text[]").holds({text("{a,\"b c\",NULL}")});
  OneColumn("timestamptz").holds({text("2024-01-01 10:20:30.5+00")});
  OneColumn("interval").holds({text("1 day 02:03:04")});
  OneColumn("inet").holds({text("10.0.0.1/32")});
}

TEST(Values, ThatTheServerShowsInAnotherFormAreKept) {
  OneColumn column("jsonb");
  const std::vector<Value> values{text("{\"b\":1,\"a\":2}"), text("{\"a\": 1}"), text("no json"), text("1e2")};
  column.write(values);
  column.expect(values);
  EXPECT_EQ(column.shown(), "{\"a\": 2, \"b\": 1}\n{\"a\": 1}\n100");
  EXPECT_EQ(column.opened.refused(), (std::vector<std::string>{
                                         "t : invalid input syntax for type json (1)",
                                         "t v: a value that the column shows in another form (2)"}));
  OneColumn money("numeric(8, 2)");
  const std::vector<Value> amounts{Value::real(1.5), text("2.25"), Value::integer(3), text("0.001")};
  money.write(amounts);
  money.expect(amounts);
  EXPECT_EQ(money.shown(), "1.50\n2.25\n3.00\n0.00");
}

TEST(Values, JsonKeepsItsTextToTheByte) {
  OneColumn column("json");
  column.holds({text(" {\"b\":1, \"a\":[1.50, 1e400,null], \"a\": \"\\u00e9\\ud83d\\ude42\\u0000\\ud800\"}\n"),
                text("null"), text("true"), text("\"3\""), Value::integer(3), Value::integer(-9223372036854775807),
                Value::real(0.25), Value::real(1e300), Value::real(5e-324), text("1.0"), text("-0"), text("1e400"),
                text("12345678901234567890"), text("0.10"), text("1E5"), Value::null()});
  EXPECT_EQ(column.shown("CASE WHEN id IN (4, 7, 9) THEN v END"),
            "NULL\nNULL\nNULL\nNULL\n3\nNULL\nNULL\n1e+300\nNULL\n1.0\nNULL\nNULL\nNULL\nNULL\nNULL\nNULL");
}

TEST(Values, WhatAColumnCannotHoldIsKeptBesideIt) {
  PostgresqlCluster& cluster = shared_cluster();
  const std::string name = cluster.create_database();
  cluster.sql(name, "CREATE TABLE t (id text PRIMARY KEY, n bigint, m bigint NOT NULL, s varchar(4), r text NOT NULL, "
                    "b boolean, j json, k json NOT NULL, d date, f real)");
  const std::vector<std::vector<Value>> rows{
      {text("1"), text("x"), text("x"), text("abcde"), Value::integer(7), Value::integer(2), text("{"), text("NaN"),
       text("never"), Value::real(0.1)},
      {text("2"), Value::real(1), Value::blob("x"), text("a\0b\xFF"sv), Value::null(), text("t"),
       text("[\"\xC3\"]"), Value::real(INFINITY), Value::integer(5), Value::integer(3)},
      {text("3\0"sv), Value::integer(1), Value::integer(1), Value::null(), text("r"), Value::null(), Value::null(),
       text("{}"), Value::null(), Value::null()}};
  Opened opened(cluster, name);
  EXPECT_EQ(opened.write("t", rows).inserted, 3U);
  EXPECT_EQ(cluster.sql(name, "SELECT * FROM t ORDER BY id"),
            "1||0|abcd||||null||0.1\n2||0|a\xEF\xBF\xBD" "b\xEF\xBF\xBD|||[\"\xEF\xBF\xBD\"]|null||3");
  std::vector<std::string> wanted;
  for (const auto& row : rows) {
    std::string line;
    for (const Value& value : row) line += (line.empty() ? "" : "|") + tagged_text(value);
    wanted.push_back(line);
  }
  EXPECT_EQ(opened.read("t"), wanted);
  EXPECT_EQ(opened.tables.count("t"), 3U);
  EXPECT_EQ(opened.refused(),
            (std::vector<std::string>{
                "t : a NUL in text (its key id) (1)", "t b: a number beyond the column's range (1)",
                "t b: a value of another type than the column's (1)", "t d: a text that is no date (1)",
                "t d: a value of another type than the column's (1)",
                "t f: a number with more digits than the column keeps (1)",
                "t f: a value of another type than the column's (1)", "t j: a text that is no JSON (1)",
                "t j: bytes that are no UTF-8 (1)", "t k: a text that is no JSON (2)",
                "t m: a value of another type than the column's (2)",
                "t n: a value of another type than the column's (2)", "t r: NULL in a column that takes none (1)",
                "t r: a value of another type than the column's (1)", "t s: a NUL in text (1)",
                "t s: a text longer than the column takes (1)"}));
  EXPECT_EQ(opened.write("t", rows).unchanged, 3U);

  // An edit counts more than what was kept.
  cluster.sql(name, "UPDATE t SET s = 'new' WHERE id = '1'");
  EXPECT_EQ(opened.read("t")[0].substr(0, 15), "t1|tx|tx|tnew|i");
  // Values that can be held again take what was kept away.
  auto mended = rows;
  mended[0] = {text("1"), Value::integer(1), Value::integer(1), text("s"), text("r"), Value::integer(1), text("{}"),
               text("{}"), text("2024-01-01"), Value::real(0.5)};
  EXPECT_EQ(opened.write("t", mended).updated, 1U);
  EXPECT_EQ(cluster.sql(name, "SELECT entity, key FROM twoway_residue ORDER BY 1, 2"),
            "rows of t|3~00\nvalues of t|2");
  const Value key = text("3\0"sv);
  EXPECT_EQ(opened.tables.erase(opened.shape("t"), {&key, 1}), 1U);
  EXPECT_EQ(opened.tables.count("t"), 2U);
}

TEST(Values, NulMayBeRejected) {
  PostgresqlCluster& cluster = shared_cluster();
  const std::string name = cluster.create_database();
  cluster.sql(name, "CREATE TABLE t (id bigint PRIMARY KEY, v text)");
  Opened opened(cluster, name, Access::read_write, NulPolicy::reject);
  const Settlement settled =
      opened.write("t", {{Value::integer(1), text("a\0"sv)}, {Value::integer(2), text("\xFF")}});
  EXPECT_EQ(settled.inserted, 1U);
  ASSERT_EQ(settled.rejected.size(), 1U);
  EXPECT_EQ(settled.rejected[0].column, "v");
  EXPECT_EQ(settled.rejected[0].reason,
            "PostgreSQL cannot hold U+0000 in a text, and the mapping rejects such rows (nul_in_text: reject)");
  EXPECT_EQ(opened.read("t"), std::vector<std::string>{"i2|xff"});
}

TEST(Values, EscapesThatAnIndexWouldTripOver) {
  PostgresqlCluster& cluster = shared_cluster();
  const std::string name = cluster.create_database();
  cluster.sql(name, "CREATE TABLE t (id bigint PRIMARY KEY, v json, w json); CREATE INDEX i ON t ((v ->> 'a')) WHERE "
                    "(w ->> 'b') = 'x'");
  Opened opened(cluster, name);
  const std::vector<std::vector<Value>> rows{
      {Value::integer(1), text(R"({"a": "\u0000\\u0000\ud800\ud83d\ude42\udc00x"})"),
       text(R"({"b": "x", "c": "\u0000"})")},
      {Value::integer(2), text("{\"a\": \"y\"}"), Value::null()}};
  opened.tables.start_load();
  EXPECT_EQ(opened.write("t", rows).inserted, 2U);
  opened.tables.finish_load();
  EXPECT_EQ(opened.refused(),
            (std::vector<std::string>{"t v: \\u0000 or half a surrogate pair in JSON that an index reads (1)",
                                      "t w: \\u0000 or half a surrogate pair in JSON that an index reads (1)"}));
  EXPECT_EQ(cluster.sql(name, "SELECT v, w FROM t WHERE id = 1"),
            R"({"a": "\ufffd\\u0000\ufffd\ud83d\ude42\ufffdx"}|{"b": "x", "c": "\ufffd"})");
  EXPECT_EQ(opened.read("t")[0], "i1|" + tagged_text(rows[0][1]) + "|" + tagged_text(rows[0][2]));
  EXPECT_EQ(cluster.sql(name, "SELECT indexname FROM pg_indexes WHERE tablename = 't' ORDER BY 1"), "i\nt_pkey");
}

TEST(Values, DeepJson) {
  OneColumn column("json");
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  const std::string deep = nested(deepest_json), deeper = nested(deepest_json + 1), abyss = nested(1'000'000);
  const std::vector<Value> values{text(deep), text(deeper), text(abyss)};
  column.write(values);
  column.expect(values);
  EXPECT_EQ(column.shown("v IS NULL"), "false\ntrue\ntrue");
}

/// Texts that are nearly JSON.
std::string mutated(std::string text, unsigned at, unsigned how) {
  constexpr std::string_view pieces = "{}[]\",:\\u019eE.+-ntf \n\x01/x";
  if (text.empty()) return text;
  const std::size_t place = at % text.size();
  if (how % 3 == 0) text.erase(place, 1);
  if (how % 3 == 1) text[place] = pieces[how / 3 % pieces.size()];
  if (how % 3 == 2) text.insert(place, 1, pieces[how / 3 % pieces.size()]);
  return text;
}

TEST(Values, TheGrammarOfJsonIsTheServers) {
  Connection connection(parse_address(shared_cluster().url(shared_cluster().create_database())), Access::read_write);
  connection.execute("CREATE FUNCTION takes(t text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN PERFORM t::json; "
                     "RETURN true; EXCEPTION WHEN OTHERS THEN RETURN false; END $$");
  const std::vector<std::string> seeds{
      R"({"a": [1, -2.5e+10, true], "b\n": {"c": null, "\u00e9": "\ud83d\ude42"}})", R"([[], {}, [{}], ""])",
      "-0.0e-1", "\"\\u0000\"", " null ", "{\"a\":1,\"a\":2}", "[1,2,3]", "false", "1E400"};
  for (unsigned i = 0; i < 6000; ++i) {
    std::string candidate = seeds[i % seeds.size()];
    for (unsigned change = 0; change <= i % 3; ++change) {
      candidate = mutated(candidate, i * 7919 + change * 104729, i * 31 + change * 17);
    }
    const Parameter parameter = text_parameter(candidate);
    ASSERT_EQ(connection.query_prepared("SELECT takes($1::text)", {&parameter, 1}).integer(0, 0) != 0,
              examine_json(candidate).valid)
        << candidate;
  }
}

RC_GTEST_PROP(Values, ANumberIsItsText, ()) {
  Arena arena;
  const Value integer = Value::integer(*rc::gen::arbitrary<std::int64_t>());
  RC_ASSERT(same(number_or_text(number_text(integer, arena)), integer));
  const double real = std::bit_cast<double>(*rc::gen::arbitrary<std::uint64_t>());
  RC_PRE(std::isfinite(real) && (real != std::trunc(real) || std::abs(real) > 1e19));
  RC_ASSERT(same(number_or_text(number_text(Value::real(real), arena)), Value::real(real)));
}

RC_GTEST_PROP(Values, WhatIsShownIsHeld, (const std::string& bytes, std::int64_t number)) {
  Arena arena;
  LiveColumn column;
  for (const Transport transport : {Transport::boolean, Transport::int2, Transport::int4, Transport::int8,
                                    Transport::float4, Transport::float8, Transport::text, Transport::bytea,
                                    Transport::date, Transport::timestamp, Transport::json, Transport::number_text}) {
    column.transport = transport;
    column.limit = transport == Transport::text && number % 2 == 0 ? 3 : -1;
    column.padded = column.limit > 0 && number % 4 == 0;
    column.not_null = number % 3 == 0;
    for (const Value& value : {Value::null(), Value::integer(number), Value::integer(number % 3), Value::text(bytes),
                               Value::blob(bytes), Value::real(std::bit_cast<double>(number))}) {
      const Value seen = shown(column, value, arena);
      RC_ASSERT(!holds(column, seen).has_value());
      RC_ASSERT(holds(column, value).has_value() != same(seen, value));
      if (seen.is_null()) continue;
      std::string wire;
      append_field(wire, column, seen, arena);
      RC_ASSERT(same(decode(column, std::string_view(wire).substr(4), arena), seen));
    }
  }
}

}  // namespace
}  // namespace twoway::postgresql
