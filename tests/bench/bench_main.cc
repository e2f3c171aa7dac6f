// twoway_bench: how far twoway is from its budgets, measured side by side in one run (./dev bench).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "tests/bench/files_bench.h"
#include "tests/bench/measure.h"
#include "tests/bench/postgresql_bench.h"
#include "tests/bench/routes_bench.h"
#include "tests/bench/server_bench.h"
#include "tests/support/places.h"
#include "tests/support/process.h"

namespace twoway::bench {
namespace {

namespace fs = std::filesystem;

// The budgets.
constexpr double plain_ratio = 1.5;
constexpr double verified_ratio = 3;
constexpr double to_postgresql_ratio = 1.0;
constexpr double from_postgresql_ratio = 1.5;
constexpr double to_server_ratio = 1.1;
constexpr double files_ratio = 1.3;
constexpr double base_mebibytes = 64;
constexpr double rows_in_memory = 4;
constexpr double typical_route_budget = 20, worst_route_budget = 200;  // milliseconds
constexpr double generator_budget = 0.050;
constexpr double compile_budget = 5;

constexpr double mebibyte = 1024 * 1024;

/// One line of the table. True if the budget holds.
bool line(const char* what, const std::string& floor, const std::string& ours, const std::string& figure,
          const std::string& budget, bool within) {
  fmt::print("{:<38}{:>10}{:>12}{:>12}{:>12}  {}\n", what, floor, ours, figure, budget, within ? "ok" : "OVER");
  return within;
}

bool ratio_line(const char* what, double floor, double ours, double most) {
  return line(what, fmt::format("{:.2f} s", floor), fmt::format("{:.2f} s", ours), fmt::format("{:.2f}x", ours / floor),
              fmt::format("{:.1f}x", most), ours / floor <= most);
}

double best(const std::vector<Round>& rounds, Direction Round::*direction, double Direction::*what) {
  double least = std::numeric_limits<double>::max();
  for (const Round& round : rounds) least = std::min(least, round.*direction.*what);
  return least;
}

/// The database for this size; made in a process of its own, so that this one stays small, and kept.
fs::path database(const fs::path& directory, std::size_t megabytes) {
  fs::path file = directory / fmt::format("webui-{}.db", megabytes);
  if (!fs::exists(file)) {
    const std::string part = file.string() + ".part";
    fmt::print(stderr, "making {}\n", file.filename().string());
    test::run_checked(
        {test::program("twoway_bench_data").string(), "--size-mb", std::to_string(megabytes), "--out", part});
    fs::rename(part, file);
  }
  return file;
}

bool print_direction(const char* plain, const char* verified, const std::vector<Round>& rounds,
                     Direction Round::*direction) {
  const double floor = best(rounds, direction, &Direction::floor);
  bool good = ratio_line(plain, floor, best(rounds, direction, &Direction::plain), plain_ratio);
  good &= ratio_line(verified, floor, best(rounds, direction, &Direction::verified), verified_ratio);
  return good;
}

bool memory_line(const fs::path& file, long peak_kib) {
  const double row = static_cast<double>(largest_row(file)) / mebibyte;
  const double peak = static_cast<double>(peak_kib) / 1024, most = base_mebibytes + rows_in_memory * row;
  return line(fmt::format("peak memory (largest row {:.1f} MiB)", row).c_str(), "", "",
              fmt::format("{:.1f} MiB", peak), fmt::format("{:.1f} MiB", most), peak <= most);
}

void heading(const fs::path& file, int count, const char* floor) {
  fmt::print("\n{:.0f} MB, the best of {} rounds; floor: {}\n", static_cast<double>(fs::file_size(file)) / 1e6, count,
             floor);
  fmt::print("{:<38}{:>10}{:>12}{:>12}{:>12}\n", "", "floor", "ours", "figure", "budget");
}

bool measure_pocketbase(const fs::path& file, int count, const fs::path& directory) {
  std::vector<Round> rounds;
  for (int i = 1; i <= count; ++i) {
    fmt::print(stderr, "PocketBase data directory, round {} of {}\n", i, count);
    rounds.push_back(measure_round(file, directory / "round"));
  }
  fs::remove_all(directory / "round");
  heading(file, count, "INSERT ... SELECT over ATTACH, one durable transaction");
  bool good = print_direction("SQLite -> PocketBase", "SQLite -> PocketBase, verified", rounds, &Round::to_pocketbase);
  good &= print_direction("PocketBase -> SQLite", "PocketBase -> SQLite, verified", rounds, &Round::to_sql);
  long peak_kib = 0;
  for (const Round& round : rounds) peak_kib = std::max(peak_kib, round.peak_kib);
  return memory_line(file, peak_kib) && good;
}

bool measure_postgresql(const fs::path& file, int count, const fs::path& directory) {
  PostgresqlBench bench(file, directory / "postgresql");
  std::vector<PostgresqlRound> rounds;
  for (int i = 1; i <= count; ++i) {
    fmt::print(stderr, "PostgreSQL, round {} of {}\n", i, count);
    rounds.push_back(bench.measure_round());
  }
  const auto least = [&](Direction PostgresqlRound::*direction, double Direction::*what) {
    double best_seconds = std::numeric_limits<double>::max();
    for (const PostgresqlRound& round : rounds) best_seconds = std::min(best_seconds, round.*direction.*what);
    return best_seconds;
  };
  heading(file, count, "psql \\copy of ready-made text into the same indexed tables; COPY TO, then INSERT ... SELECT");
  const auto to = &PostgresqlRound::to_postgresql, back = &PostgresqlRound::to_sqlite;
  bool good = ratio_line("SQLite -> PostgreSQL", least(to, &Direction::floor), least(to, &Direction::plain),
                         to_postgresql_ratio);
  good &= ratio_line("SQLite -> PostgreSQL, verified", least(to, &Direction::floor), least(to, &Direction::verified),
                     verified_ratio);
  good &= ratio_line("PostgreSQL -> SQLite", least(back, &Direction::floor), least(back, &Direction::plain),
                     from_postgresql_ratio);
  good &= ratio_line("PostgreSQL -> SQLite, verified", least(back, &Direction::floor),
                     least(back, &Direction::verified), verified_ratio);
  long peak_kib = 0;
  for (const PostgresqlRound& round : rounds) peak_kib = std::max(peak_kib, round.peak_kib);
  good &= memory_line(file, peak_kib);
  return good;
}

/// What people use today, on a database that is small enough for all of them to finish.
void measure_peers(const fs::path& file, const fs::path& directory, const fs::path& peers) {
  fmt::print(stderr, "other tools\n");
  PostgresqlBench bench(file, directory / "postgresql");
  fmt::print("\n{:.0f} MB, SQLite -> PostgreSQL by the tools that there are, once each\n",
             static_cast<double>(fs::file_size(file)) / 1e6);
  for (const Peer& peer : bench.measure_peers(peers)) {
    fmt::print("{:<38}{:>10}{:>10.2f} s{:>12}  {} rows arrived\n", "  " + peer.name, "", peer.seconds,
               peer.outcome.empty() ? "finished" : peer.outcome, peer.rows);
  }
  fs::remove_all(directory / "postgresql");
}

bool measure_server(const fs::path& file, int count, const fs::path& directory) {
  bool good = true;
  for (const bool hook : {true, false}) {
    std::vector<ServerRound> rounds;
    for (int i = 1; i <= count; ++i) {
      fmt::print(stderr, "PocketBase server {} the hook, round {} of {}\n", hook ? "with" : "without", i, count);
      rounds.push_back(measure_server_round(file, directory / "server", hook));
    }
    fs::remove_all(directory / "server");
    const auto least = [&](double ServerRound::* what) {
      double best_seconds = std::numeric_limits<double>::max();
      for (const ServerRound& round : rounds) best_seconds = std::min(best_seconds, round.*what);
      return best_seconds;
    };
    heading(file, count, "a client that posts the same bodies, ready-made, to the same kind of server");
    const double floor = least(&ServerRound::floor);
    const std::string name = hook ? "SQLite -> server, hook" : "SQLite -> server, no hook";
    good &= ratio_line(name.c_str(), floor, least(&ServerRound::plain), to_server_ratio);
    good &= ratio_line((name + ", verified").c_str(), floor, least(&ServerRound::verified), verified_ratio);
    long peak_kib = 0, server_kib = 0;
    for (const ServerRound& round : rounds) {
      peak_kib = std::max(peak_kib, round.peak_kib);
      server_kib = std::max(server_kib, round.server_peak_kib);
    }
    good &= memory_line(file, peak_kib);
    fmt::print("{:<38}{:>10}{:>12}{:>12}\n", "PocketBase's own peak", "", "",
               fmt::format("{:.0f} MiB", static_cast<double>(server_kib) / 1024));
  }
  return good;
}

bool print_files(int count, const fs::path& directory) {
  struct Size {
    std::size_t count, bytes;
    const char* name;
  };
  constexpr Size sizes[] = {{400, 1024 * 1024, "400 files of 1 MiB"}, {10'000, 4096, "10,000 files of 4 KiB"}};
  bool good = true;
  for (const Size& size : sizes) {
    std::vector<FilesRound> rounds;
    for (int i = 1; i <= count; ++i) {
      fmt::print(stderr, "{}, round {} of {}\n", size.name, i, count);
      rounds.push_back(measure_files(directory / "files", size.count, size.bytes));
    }
    fs::remove_all(directory / "files");
    const auto least = [&](double FilesRound::* what) {
      double best_seconds = std::numeric_limits<double>::max();
      for (const FilesRound& round : rounds) best_seconds = std::min(best_seconds, round.*what);
      return best_seconds;
    };
    fmt::print("\n{}, the best of {} rounds; floor: cp -r of what arrives, then sync\n", size.name, count);
    fmt::print("{:<38}{:>10}{:>12}{:>12}{:>12}\n", "", "floor", "ours", "figure", "budget");
    good &= ratio_line("uploads -> storage, hashed", least(&FilesRound::floor_there), least(&FilesRound::there),
                       files_ratio);
    good &=
        ratio_line("storage -> uploads, hashed", least(&FilesRound::floor_back), least(&FilesRound::back), files_ratio);
    const double megabytes = static_cast<double>(size.count * size.bytes) / 1e6;
    fmt::print("{:<38}{:>10}{:>12}{:>12}\n", "copied, compared again", "",
               fmt::format("{:.0f} MB/s", megabytes / least(&FilesRound::there)),
               fmt::format("{:.0f} MB/s", megabytes / least(&FilesRound::compared)));
  }
  return good;
}

bool measure_route(int count, const fs::path& directory) {
  fmt::print(stderr, "routes\n");
  fmt::print(
      "\n100,000 chats of 3 KB, an answer with the 50 newest over HTTP; floor: the SQL alone over a join table\n");
  fmt::print("{:<38}{:>10}{:>12}{:>12}{:>12}\n", "", "floor", "ours", "answers", "budget");
  bool good = true;
  for (const RouteTime& time : measure_routes(directory / "routes", count)) {
    const double most = time.typical ? typical_route_budget : worst_route_budget;
    const std::string what = fmt::format("{}: {}", time.typical ? "500" : "50,000", time.question);
    good &= line(what.c_str(), fmt::format("{:.0f} ms", time.join_milliseconds),
                 fmt::format("{:.0f} ms", time.milliseconds), fmt::format("{}", time.total),
                 fmt::format("{:.0f} ms", most), time.milliseconds <= most);
  }
  fs::remove_all(directory / "routes");
  return good;
}

bool measure_compiler() {
  fmt::print("\n");
  const double generator = generator_seconds();
  bool good = line("twowayc over the whole mapping", "", "", fmt::format("{:.1f} ms", generator * 1000),
                   fmt::format("{:.0f} ms", generator_budget * 1000), generator <= generator_budget);
  const CompileSeconds compiling = compile_cpu_seconds();
  good &= line("compiling generated code and proofs", "", "", fmt::format("{:.2f} s CPU", compiling.all),
               fmt::format("{:.0f} s CPU", compile_budget), compiling.all > 0 && compiling.all <= compile_budget);
  fmt::print("{:<38}{:>10}{:>12}{:>12}\n", "  after a change of one entity", "", "",
             fmt::format("{:.2f} s CPU", compiling.entity));
  return good;
}

struct Wishes {
  std::size_t megabytes = 540;
  int rounds = 3;
  fs::path directory;
  std::vector<std::string> only;  ///< empty: all
  fs::path peers;                 ///< the Python that has open-webui-sqlite-migration

  bool wants(const std::string& part) const {
    return only.empty() || std::find(only.begin(), only.end(), part) != only.end();
  }
};

bool measure_and_print(const Wishes& wishes) {
  fs::create_directories(wishes.directory);
  const bool needs_rows = wishes.wants("pocketbase") || wishes.wants("postgresql") || wishes.wants("server");
  const fs::path file = needs_rows ? database(wishes.directory, wishes.megabytes) : fs::path();
  bool good = true;
  if (wishes.wants("routes")) good &= measure_route(wishes.rounds, wishes.directory);
  if (wishes.wants("pocketbase")) good &= measure_pocketbase(file, wishes.rounds, wishes.directory);
  if (wishes.wants("postgresql")) {
    constexpr std::size_t peers_megabytes = 50;
    good &= measure_postgresql(file, wishes.rounds, wishes.directory);
    measure_peers(database(wishes.directory, std::min(wishes.megabytes, peers_megabytes)), wishes.directory,
                  wishes.peers);
  }
  if (wishes.wants("server")) good &= measure_server(file, wishes.rounds, wishes.directory);
  if (wishes.wants("files")) good &= print_files(wishes.rounds, wishes.directory);
  if (wishes.wants("compiler")) good &= measure_compiler();
  return good;
}

}  // namespace
}  // namespace twoway::bench

int main(int count, char** arguments) {
  namespace fs = std::filesystem;
  CLI::App app("Measures twoway against its budgets. Exit status 1: a budget is exceeded; 2: something failed.");
  twoway::bench::Wishes wishes;
  wishes.directory = twoway::test::program("").parent_path().parent_path() / "bench";
  std::vector<fs::path> floor;
  app.add_option("--size-mb", wishes.megabytes, "size of the database in 10^6 bytes")->capture_default_str();
  app.add_option("--rounds", wishes.rounds, "how often all is measured; the best counts")->check(CLI::Range(1, 100))
      ->capture_default_str();
  app.add_option("--only", wishes.only, "pocketbase, postgresql, server, files, routes, compiler; may be repeated")
      ->check(CLI::IsMember({"pocketbase", "postgresql", "server", "files", "routes", "compiler"}));
  app.add_option("--directory", wishes.directory, "where the databases are made (five times the size is needed)");
  app.add_option("--peers", wishes.peers, "the Python whose environment has open-webui-sqlite-migration");
  app.add_option("--floor", floor, "used by itself: WHAT and its files")->expected(3, 4)->group("");
  CLI11_PARSE(app, count, arguments);
  try {
    if (!floor.empty()) return twoway::bench::run_floor(floor);
    return twoway::bench::measure_and_print(wishes) ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "twoway_bench: {}\n", error.what());
    return 2;
  }
}
