#include "tests/bench/programs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <stdexcept>

#include "tests/support/places.h"
#include "tests/support/postgresql_cluster.h"

namespace twoway::bench {

namespace fs = std::filesystem;
using test::ProcessOptions;
using test::ProcessResult;

ProcessResult measured(const std::vector<std::string>& command, const ProcessOptions& options, int highest_status) {
  sync();
  ProcessResult result = test::run(command, options);
  if (result.status < 0 || result.status > highest_status) {
    throw std::runtime_error(fmt::format("{}: {}", fmt::join(command, " "), result.describe()));
  }
  return result;
}

ProcessOptions with_pocketbase() {
  ProcessOptions options;
  options.environment = {{"POCKETBASE", test::pocketbase_program().string()}};
  options.timeout = std::chrono::hours(1);
  return options;
}

void prepare(const std::string& store) {
  fs::remove_all(store);
  measured({test::program("twoway").string(), "prepare", store}, with_pocketbase());
}

ProcessResult migrate_prepared(const std::string& from, const std::string& to, const fs::path& state, bool verify,
                               const ProcessOptions& options) {
  fs::remove_all(state);
  std::vector<std::string> command{test::program("twoway").string(), "migrate", "--from", from,
                                   "--to", to, "--yes", "--quiet", "--no-backup", "--state", state.string()};
  if (!verify) command.push_back("--no-verify");
  return measured(command, options);
}

double run_floor_apart(const std::vector<fs::path>& words) {
  std::vector<std::string> command{test::program("twoway_bench").string(), "--floor"};
  for (const fs::path& word : words) command.push_back(word.string());
  return std::stod(measured(command, with_pocketbase()).output);
}

std::string superuser_url(const test::PostgresqlCluster& cluster, const std::string& database) {
  return fmt::format("postgresql://{}@127.0.0.1:{}/{}", test::PostgresqlCluster::superuser, cluster.port(), database);
}

}  // namespace twoway::bench
