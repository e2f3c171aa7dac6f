#include "tests/bench/measure.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>

#include "tests/bench/floor.h"
#include "tests/bench/programs.h"
#include "tests/support/places.h"
#include "tests/support/process.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::bench {

namespace fs = std::filesystem;
using test::ProcessOptions;
using test::ProcessResult;

namespace {

constexpr const char* mapping = "openwebui-pocketbase";

/// Ours twice, without and with verification; what the second run wrote stays.
void measure_ours(const fs::path& from, const fs::path& to, Direction& direction, long& peak_kib) {
  const fs::path state = to.parent_path() / "state";
  prepare(to.string());
  const ProcessResult plain = migrate_prepared(from.string(), to.string(), state, false);
  prepare(to.string());
  const ProcessResult verified = migrate_prepared(from.string(), to.string(), state, true);
  direction.plain = plain.seconds;
  direction.verified = verified.seconds;
  peak_kib = std::max({peak_kib, plain.peak_kib, verified.peak_kib});
}

}  // namespace

Round measure_round(const fs::path& database, const fs::path& directory) {
  fs::remove_all(directory);
  fs::create_directories(directory);
  Round round;
  const fs::path floor_data = directory / "floor_pb", floor_file = directory / "floor.db";
  prepare(floor_data.string());
  round.to_pocketbase.floor = run_floor_apart({"to-pocketbase", database, floor_data / "data.db"});
  fs::remove_all(floor_data);
  const fs::path data = directory / "pb_data";
  measure_ours(database, data, round.to_pocketbase, round.peak_kib);

  prepare(floor_file.string());
  round.to_sql.floor = run_floor_apart({"to-sql", data / "data.db", floor_file, database});
  fs::remove(floor_file);
  measure_ours(data, directory / "returned.db", round.to_sql, round.peak_kib);
  return round;
}

std::size_t largest_row(const fs::path& database) {
  test::SqliteFile file(database, test::SqliteFile::Mode::read);
  std::int64_t largest = 0;
  for (const std::string& table : file.tables()) {
    std::string sum = "0";
    for (const std::string& column : file.columns(table)) {
      sum += fmt::format(" + coalesce(length(CAST({} AS BLOB)), 0)", test::identifier(column));
    }
    largest = std::max(largest, file.integer(fmt::format("SELECT max({}) FROM {}", sum, test::identifier(table))));
  }
  return static_cast<std::size_t>(largest);
}

double generator_seconds() {
  double best = std::numeric_limits<double>::max();
  ProcessOptions options;
  options.working_directory = test::source_directory();
  for (int i = 0; i < 5; ++i) {
    const std::vector<std::string> command{
        test::program("twowayc").string(),    "build",  fmt::format("mapping/{}", mapping), "--out",
        fmt::format("generated/{}", mapping), "--check"};
    best = std::min(best, measured(command, options, 1).seconds);  // 1: what is checked in is stale, which is no matter
  }
  return best;
}

CompileSeconds compile_cpu_seconds() {
  const fs::path build = test::program("twoway").parent_path().parent_path();
  const test::TemporaryDirectory scratch("compile");
  const std::string listed = test::run_checked({"ninja", "-C", build.string(), "-t", "commands", "generated/all"});
  std::istringstream commands(listed);
  ProcessOptions options;
  options.working_directory = build;
  options.environment = {{"CCACHE_DISABLE", "1"}};
  CompileSeconds seconds;
  double entities = 0, digest = 0;
  for (std::string command; std::getline(commands, command);) {
    const auto names = [&](const char* part) { return command.find(part) != std::string::npos; };
    const bool is_entities = names("/unity_entities_"), is_digest = names("/unity_digest_");
    if (command.find(" -o generated/CMakeFiles/openwebui_pocketbase") == std::string::npos) continue;
    command = std::regex_replace(command, std::regex(" -o \\S+"), " -o " + (scratch / "object.o").string());
    command = std::regex_replace(command, std::regex(" -MF \\S+"), " -MF " + (scratch / "object.d").string());
    const double spent = measured({"sh", "-c", command}, options).cpu_seconds;
    seconds.all += spent;
    if (is_entities) entities = std::max(entities, spent);
    if (is_digest) digest = spent;
  }
  seconds.entity = entities + digest;
  return seconds;
}

int run_floor(const std::vector<fs::path>& words) {
  const std::string what = words.at(0).string();
  if (what != "to-pocketbase" && what != "to-sql" && what != "tables") return 2;
  const double seconds = what == "to-pocketbase" ? floor_to_pocketbase(words.at(1), words.at(2))
                         : what == "to-sql"      ? floor_to_sql(words.at(1), words.at(2), words.at(3))
                                                 : floor_tables(words.at(1), words.at(2));
  fmt::print("{}\n", seconds);
  return 0;
}

}  // namespace twoway::bench
