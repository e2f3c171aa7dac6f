// Servers that are killed, loads that are killed, answers that are lost.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <atomic>
#include <thread>

#include "runtime/store/postgresql/batch_runner.h"
#include "tests/postgresql/tables_support.h"

namespace twoway::postgresql {
namespace {

using test::PostgresqlCluster;
using test::shared_cluster;

constexpr std::string_view tables =
    "CREATE TABLE keyed (id text PRIMARY KEY, parent text REFERENCES keyed, note json); CREATE INDEX keyed_parent ON "
    "keyed (parent); CREATE TABLE keyless (n bigint, note text); CREATE INDEX keyless_n ON keyless (n)";

/// Text that does not compress well.
std::string noise(std::uint64_t seed, std::size_t words) {
  std::string out;
  for (std::size_t i = 0; i < words; ++i) {
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    out += fmt::format("{:016x}", seed);
  }
  return out;
}

/// Fills both tables with so many rows each; `written` counts them.
void load(Opened& opened, std::int64_t rows, std::atomic<std::int64_t>& written) {
  opened.tables.start_load();
  {
    const auto writer = opened.tables.write(opened.shape("keyed"), false);
    for (std::int64_t i = 0; i < rows; ++i) {
      const std::string id = fmt::format("k{}", i), parent = fmt::format("k{}", i / 2);
      const std::string note = "\"" + noise(static_cast<std::uint64_t>(i), 60) + "\"";
      writer->write(std::vector{Value::text(id), Value::text(parent), Value::text(note)});
      ++written;
    }
    writer->settle(true);
  }
  const auto writer = opened.tables.write(opened.shape("keyless"), false);
  for (std::int64_t i = 0; i < rows; ++i) {
    const std::string note = noise(static_cast<std::uint64_t>(i), 60);
    writer->write(std::vector{Value::integer(i), Value::text(note)});
    ++written;
  }
  writer->settle(true);
  opened.tables.finish_load();
}

constexpr std::string_view state =
    "SELECT count(*), count(DISTINCT id), sum(length(note::text)) FROM keyed; SELECT count(*), count(DISTINCT n), "
    "sum(length(note)) FROM keyless; SELECT indexname FROM pg_indexes WHERE tablename LIKE 'key%' ORDER BY 1; SELECT "
    "conname, convalidated FROM pg_constraint WHERE contype = 'f'; SELECT tablename FROM pg_tables WHERE tablename "
    "LIKE 'twoway%'";

std::string wanted_state(std::int64_t rows) {
  return fmt::format("{0}|{0}|{1}\n{0}|{0}|{2}\nkeyed_parent\nkeyed_pkey\nkeyless_n\nkeyed_parent_fkey|t", rows,
                     rows * (60 * 16 + 2), rows * 60 * 16);
}

TEST(Recovery, TheServerIsKilledInTheMiddleOfALoad) {
  PostgresqlCluster cluster;
  const std::string name = cluster.create_database();
  cluster.sql(name, tables);
  constexpr std::int64_t rows = 40'000;
  std::atomic<std::int64_t> written{0};
  std::string failure;
  std::atomic<bool> done{false};
  // The server lives with the thread that starts it, so it is the load that has a thread of its own.
  std::thread loading([&] {
    try {
      Opened opened(cluster, name);
      load(opened, rows, written);
    } catch (const std::exception& error) {
      failure = error.what();
    }
    done = true;
  });
  for (const std::int64_t until : {rows / 2, rows + rows / 2, 2 * rows - 9'000}) {
    while (written < until && !done) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    EXPECT_FALSE(done) << "the load was faster than the test";
    cluster.restart(true);
  }
  loading.join();
  EXPECT_EQ(failure, "");
  EXPECT_EQ(cluster.sql(name, state), wanted_state(rows));
}

TEST(Recovery, AKilledLoadIsFinishedByTheNextRun) {
  PostgresqlCluster& cluster = shared_cluster();
  const std::string name = cluster.create_database();
  cluster.sql(name, tables);
  const std::vector<Value> first{Value::text("a"), Value::null(), Value::null()};
  {
    Opened opened(cluster, name);
    opened.tables.start_load();
    opened.write("keyed", {first});
    opened.write("keyless", {{Value::integer(1), Value::null()}});
  }
  EXPECT_EQ(cluster.sql(name, "SELECT kind, table_name, name FROM twoway_unfinished WHERE kind <> 'batch' ORDER BY "
                              "place"),
            "foreign key|keyed|keyed_parent_fkey\nindex|keyed|keyed_parent\nindex|keyless|keyless_n");
  Opened opened(cluster, name);
  EXPECT_EQ(opened.tables.schema().tables.size(), 2U);
  EXPECT_EQ(opened.tables.objects().size(), 2U);
  opened.tables.start_load();
  EXPECT_EQ(opened.write("keyed", {first, {Value::text("b"), Value::text("nobody"), Value::null()}}).unchanged, 1U);
  opened.tables.finish_load();
  EXPECT_EQ(cluster.sql(name, "SELECT indexname FROM pg_indexes WHERE tablename LIKE 'key%' ORDER BY 1; SELECT conname "
                              "FROM pg_constraint WHERE contype = 'f'; SELECT id FROM keyed; SELECT "
                              "to_regclass('twoway_unfinished')"),
            "keyed_parent\nkeyed_pkey\nkeyless_n\nkeyed_parent_fkey\na");
  EXPECT_EQ(opened.tables.count("keyed"), 2U);
}

TEST(Recovery, ALostAnswerDoublesNothing) {
  PostgresqlCluster& cluster = shared_cluster();
  const std::string name = cluster.create_database();
  cluster.sql(name, tables);
  Opened opened(cluster, name);
  opened.tables.start_load();
  RefusedLog refused;
  for (const char* table : {"keyed", "keyless"}) {
    const TableShape shape = opened.shape(table);
    Batch batch;
    batch.target = std::make_shared<TableTarget>(
        target_of(layout_of(opened.tables.schema(), shape, opened.database.describe())));
    batch.state = std::make_shared<WriterState>();
    batch.direct = true;
    if (shape.key.empty()) batch.mark = "a batch";
    Arena arena;
    for (const char* id : {"1", "2"}) {
      batch.bytes.append(1, '\0').append(1, static_cast<char>(shape.columns.size()));
      for (std::size_t i = 0; i < shape.columns.size(); ++i) {
        const LiveColumn& column = batch.target->layout.columns[i];
        const bool text = column.transport == Transport::text;
        append_field(batch.bytes, column, i > 0 ? Value::null() : text ? Value::text(id) : Value::integer(*id), arena);
      }
      batch.ends.push_back(batch.bytes.size());
    }
    Connection connection(opened.database.address(), Access::read_write);
    BatchRunner(connection, batch, refused).run(false);
    BatchRunner(connection, batch, refused).run(true);
    EXPECT_EQ(cluster.sql(name, fmt::format("SELECT count(*) FROM {}", table)), "2");
  }
}

}  // namespace
}  // namespace twoway::postgresql
