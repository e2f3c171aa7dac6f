// twoway_bench: how far twoway is from its budgets, measured side by side in one run (./dev bench).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "tests/bench/measure.h"
#include "tests/support/places.h"
#include "tests/support/process.h"

namespace twoway::bench {
namespace {

namespace fs = std::filesystem;

// The budgets.
constexpr double plain_ratio = 1.5;
constexpr double verified_ratio = 3;
constexpr double base_mebibytes = 64;
constexpr double rows_in_memory = 4;
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

bool measure_and_print(std::size_t megabytes, int count, const fs::path& directory) {
  fs::create_directories(directory);
  const fs::path file = database(directory, megabytes);
  std::vector<Round> rounds;
  for (int i = 1; i <= count; ++i) {
    fmt::print(stderr, "round {} of {}\n", i, count);
    rounds.push_back(measure_round(file, directory / "round"));
  }
  fs::remove_all(directory / "round");

  fmt::print("{:.0f} MB, the best of {} rounds; floor: INSERT ... SELECT over ATTACH, one durable transaction\n",
             static_cast<double>(fs::file_size(file)) / 1e6, count);
  fmt::print("{:<38}{:>10}{:>12}{:>12}{:>12}\n", "", "floor", "ours", "figure", "budget");
  bool good = print_direction("SQLite -> PocketBase", "SQLite -> PocketBase, verified", rounds, &Round::to_pocketbase);
  good &= print_direction("PocketBase -> SQLite", "PocketBase -> SQLite, verified", rounds, &Round::to_sql);

  long peak_kib = 0;
  for (const Round& round : rounds) peak_kib = std::max(peak_kib, round.peak_kib);
  const double row = static_cast<double>(largest_row(file)) / mebibyte;
  const double peak = static_cast<double>(peak_kib) / 1024, most = base_mebibytes + rows_in_memory * row;
  good &= line(fmt::format("peak memory (largest row {:.1f} MiB)", row).c_str(), "", "",
               fmt::format("{:.1f} MiB", peak), fmt::format("{:.1f} MiB", most), peak <= most);
  const double generator = generator_seconds();
  good &= line("twowayc over the whole mapping", "", "", fmt::format("{:.1f} ms", generator * 1000),
               fmt::format("{:.0f} ms", generator_budget * 1000), generator <= generator_budget);
  const double compiling = compile_cpu_seconds();
  good &= line("compiling generated code and proofs", "", "", fmt::format("{:.2f} s CPU", compiling),
               fmt::format("{:.0f} s CPU", compile_budget), compiling > 0 && compiling <= compile_budget);
  return good;
}

}  // namespace
}  // namespace twoway::bench

int main(int count, char** arguments) {
  namespace fs = std::filesystem;
  CLI::App app("Measures twoway against its budgets. Exit status 1: a budget is exceeded; 2: something failed.");
  std::size_t megabytes = 540;
  int rounds = 3;
  std::string directory = (twoway::test::program("").parent_path().parent_path() / "bench").string();
  std::vector<fs::path> floor;
  app.add_option("--size-mb", megabytes, "size of the database in 10^6 bytes")->capture_default_str();
  app.add_option("--rounds", rounds, "how often all is measured; the best counts")->check(CLI::Range(1, 100))
      ->capture_default_str();
  app.add_option("--directory", directory, "where the databases are made (five times the size is needed)");
  app.add_option("--floor", floor, "used by itself: SQL DATA_DB, or DATA_DB SQL ORIGINAL")->expected(2, 3)->group("");
  CLI11_PARSE(app, count, arguments);
  try {
    if (!floor.empty()) return twoway::bench::run_floor(floor);
    return twoway::bench::measure_and_print(megabytes, rounds, directory) ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "twoway_bench: {}\n", error.what());
    return 2;
  }
}
