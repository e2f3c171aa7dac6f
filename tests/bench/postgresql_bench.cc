#include "tests/bench/postgresql_bench.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>

#include "tests/bench/programs.h"
#include "tests/support/places.h"
#include "tests/support/postgresql_cluster.h"
#include "tests/support/sqlite_file.h"

namespace twoway::bench {

namespace fs = std::filesystem;
using test::ProcessOptions;
using test::ProcessResult;

namespace {

constexpr std::string_view ready = "ready";

test::PostgresqlOptions server_options() {
  test::PostgresqlOptions options;
  // Room for the write-ahead log, so that a checkpoint does not fall into one measurement and not into another.
  options.configuration = "max_wal_size = '8GB'\ncheckpoint_timeout = '1h'\n";
  return options;
}

void write_file(const fs::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

std::string identifier(const std::string& name) { return test::identifier(name); }

}  // namespace

PostgresqlBench::PostgresqlBench(fs::path database, fs::path directory)
    : database_(std::move(database)),
      directory_(std::move(directory)),
      cluster_(std::make_unique<test::PostgresqlCluster>(server_options())) {
  fs::remove_all(directory_);
  fs::create_directories(directory_);
  make_ready_text();
}

PostgresqlBench::~PostgresqlBench() = default;

std::string PostgresqlBench::prepared_database(const std::string& name) {
  const std::string made = cluster_->create_database(name);
  measured({test::program("twoway").string(), "prepare", cluster_->url(made)}, with_pocketbase());
  return made;
}

void PostgresqlBench::make_ready_text() {
  const std::string name = prepared_database(std::string(ready));
  migrate_prepared(database_.string(), cluster_->url(name), directory_ / "state", false);
  std::string script;
  test::SqliteFile file(database_, test::SqliteFile::Mode::read);
  for (const std::string& table : file.tables()) {
    tables_.push_back(table);
    script += fmt::format("\\copy (SELECT * FROM {}) TO '{}'\n", identifier(table),
                          (directory_ / (table + ".txt")).string());
  }
  write_file(directory_ / "ready.sql", script);
  cluster_->sql(name, fmt::format("\\i {}", (directory_ / "ready.sql").string()));
}

double PostgresqlBench::floor_to_postgresql() {
  const std::string name = prepared_database({});
  // No foreign keys are checked and every table takes its rows in the order they have: the least that \copy can do.
  std::string script = "SET session_replication_role = replica;\n";
  for (const std::string& table : tables_) {
    if (table == "alembic_version") continue;  // `prepare` wrote it
    script += fmt::format("\\copy {} FROM '{}'\n", identifier(table), (directory_ / (table + ".txt")).string());
  }
  write_file(directory_ / "floor.sql", script);
  const double seconds =
      measured({test::postgresql_program("psql").string(), "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1",
                "--file", (directory_ / "floor.sql").string(), superuser_url(*cluster_, name)})
          .seconds;
  cluster_->sql("postgres", fmt::format("DROP DATABASE {}", name), test::PostgresqlCluster::superuser);
  return seconds;
}

double PostgresqlBench::floor_to_sqlite() {
  std::string script;
  for (const std::string& table : tables_) script += fmt::format("COPY {} TO STDOUT;\n", identifier(table));
  write_file(directory_ / "copy.sql", script);
  const std::string command = fmt::format("exec '{}' --no-psqlrc --quiet --set ON_ERROR_STOP=1 --file '{}' '{}' > '{}'",
                                          test::postgresql_program("psql").string(),
                                          (directory_ / "copy.sql").string(), cluster_->url(ready),
                                          (directory_ / "copied.txt").string());
  const double copied = measured({"sh", "-c", command}).seconds;
  fs::remove(directory_ / "copied.txt");
  const fs::path target = directory_ / "floor.db";
  prepare(target.string());
  const double inserted = run_floor_apart({"tables", database_, target});
  fs::remove(target);
  return copied + inserted;
}

PostgresqlRound PostgresqlBench::measure_round() {
  PostgresqlRound round;
  round.to_postgresql.floor = floor_to_postgresql();
  for (const bool verify : {false, true}) {
    const std::string name = prepared_database({});
    const ProcessResult ours = migrate_prepared(database_.string(), cluster_->url(name), directory_ / "state", verify);
    (verify ? round.to_postgresql.verified : round.to_postgresql.plain) = ours.seconds;
    round.peak_kib = std::max(round.peak_kib, ours.peak_kib);
    cluster_->sql("postgres", fmt::format("DROP DATABASE {}", name), test::PostgresqlCluster::superuser);
  }
  round.to_sqlite.floor = floor_to_sqlite();
  for (const bool verify : {false, true}) {
    const fs::path target = directory_ / "returned.db";
    prepare(target.string());
    const ProcessResult ours = migrate_prepared(cluster_->url(ready), target.string(), directory_ / "state", verify);
    (verify ? round.to_sqlite.verified : round.to_sqlite.plain) = ours.seconds;
    round.peak_kib = std::max(round.peak_kib, ours.peak_kib);
  }
  return round;
}

long PostgresqlBench::rows_in(const std::string& name) {
  std::vector<std::string> counts;
  for (const std::string& table : tables_) {
    counts.push_back(fmt::format("(SELECT count(*) FROM {})", identifier(table)));
  }
  return std::stol(cluster_->sql(name, fmt::format("SELECT {}", fmt::join(counts, " + "))));
}

std::vector<Peer> PostgresqlBench::measure_peers(const fs::path& python) {
  std::vector<Peer> peers;
  const auto run = [&](const std::string& name, const std::vector<std::string>& command, const std::string& target,
                       const ProcessOptions& options) {
    const ProcessResult result = test::run(command, options);
    const std::string outcome = result.status == 0 ? std::string() : fmt::format("exit status {}", result.status);
    peers.push_back({name, result.seconds, outcome, rows_in(target)});
  };
  const std::string for_us = prepared_database({});
  const ProcessResult ours = migrate_prepared(database_.string(), cluster_->url(for_us), directory_ / "state", true);
  peers.push_back({"twoway, verified", ours.seconds, {}, rows_in(for_us)});
  ProcessOptions options;
  options.timeout = std::chrono::minutes(30);
  const std::string for_pgloader = prepared_database({});
  write_file(directory_ / "load.lisp",
             fmt::format("LOAD DATABASE FROM sqlite://{} INTO {} WITH data only, truncate, disable triggers;\n",
                         database_.string(), superuser_url(*cluster_, for_pgloader)));
  run("pgloader", {"pgloader", (directory_ / "load.lisp").string()}, for_pgloader, options);
  if (!fs::exists(python)) return peers;
  const std::string for_tool = prepared_database({});
  // It switches foreign keys off, which only a superuser may.
  options.environment = {{"SQLITE_DB_PATH", database_.string()},
                         {"MIGRATE_DATABASE_URL", superuser_url(*cluster_, for_tool)}};
  run("open-webui-sqlite-migration", {(python.parent_path() / "open-webui-migrate-sqlite").string()}, for_tool,
      options);
  return peers;
}

}  // namespace twoway::bench
