// SQLite <-> PostgreSQL: twoway beside PostgreSQL's own COPY, and beside the tools that people use today.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/bench/measure.h"

namespace twoway::test {
class PostgresqlCluster;
}

namespace twoway::bench {

/// A tool that is not ours, in one run over the same database.
struct Peer {
  std::string name;
  double seconds = 0;
  std::string outcome;  ///< empty: it says that it finished; else how it ended
  long rows = 0;        ///< how many rows were in PostgreSQL afterwards
};

struct PostgresqlRound {
  Direction to_postgresql;  ///< floor: `psql \copy` of ready-made text into the same tables with the same indexes
  Direction to_sqlite;      ///< floor: `COPY TO` of every table, then INSERT ... SELECT of ready-made rows
  long peak_kib = 0;
};

/// A private PostgreSQL with the rows of one database, ready-made in both forms.
class PostgresqlBench {
 public:
  /// `directory` takes the cluster's text files and what the rounds write.
  PostgresqlBench(std::filesystem::path database, std::filesystem::path directory);
  ~PostgresqlBench();

  PostgresqlRound measure_round();
  /// Once, because they are slow: twoway, pgloader and, where `python` has it, open-webui-sqlite-migration. pgloader
  /// runs out of memory on a few hundred megabytes.
  std::vector<Peer> measure_peers(const std::filesystem::path& python);

 private:
  std::string prepared_database(const std::string& name);
  void make_ready_text();
  double floor_to_postgresql();
  double floor_to_sqlite();
  long rows_in(const std::string& name);

  std::filesystem::path database_;
  std::filesystem::path directory_;
  std::unique_ptr<test::PostgresqlCluster> cluster_;
  std::vector<std::string> tables_;
};

}  // namespace twoway::bench
