#include "tests/bench/server_bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <string>

#include "tests/bench/programs.h"
#include "tests/bench/recording_proxy.h"
#include "tests/support/places.h"
#include "tests/support/pocketbase_server.h"

namespace twoway::bench {

namespace fs = std::filesystem;
using test::PocketBaseServer;
using test::ProcessOptions;
using test::ProcessResult;

namespace {

/// A server with the mapping's collections and nothing in them.
std::unique_ptr<PocketBaseServer> new_server(const fs::path& data, bool hook) {
  prepare(data.string());
  test::PocketBaseOptions options;
  if (hook) options.hooks = test::source_directory() / "generated" / "openwebui-pocketbase" / "pb_hooks";
  return std::make_unique<PocketBaseServer>(data, options);
}

ProcessOptions as_superuser() {
  ProcessOptions options = with_pocketbase();
  options.environment.emplace_back("POCKETBASE_SUPERUSER_EMAIL", PocketBaseServer::superuser_email);
  options.environment.emplace_back("POCKETBASE_SUPERUSER_PASSWORD", PocketBaseServer::superuser_password);
  return options;
}

long peak_of(pid_t process) {
  std::ifstream in(fmt::format("/proc/{}/status", process));
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("VmHWM:")) return std::stol(line.substr(6));
  }
  return 0;
}

}  // namespace

ServerRound measure_server_round(const fs::path& database, const fs::path& directory, bool hook) {
  fs::remove_all(directory);
  fs::create_directories(directory);
  const fs::path data = directory / "pb_data", bodies = directory / "bodies";
  ServerRound round;
  {
    const auto server = new_server(data, hook);
    const RecordingProxy proxy(server->port(), bodies);
    migrate_prepared(database.string(), proxy.url(), directory / "state", false, as_superuser());
  }
  for (const bool verify : {false, true}) {
    const auto server = new_server(data, hook);
    const ProcessResult ours =
        migrate_prepared(database.string(), server->url(), directory / "state", verify, as_superuser());
    (verify ? round.verified : round.plain) = ours.seconds;
    round.peak_kib = std::max(round.peak_kib, ours.peak_kib);
    round.server_peak_kib = std::max(round.server_peak_kib, peak_of(server->process_id()));
  }
  const auto server = new_server(data, hook);
  round.floor = post_ready_made(bodies, server->host(), server->port(), PocketBaseServer::superuser_email,
                                PocketBaseServer::superuser_password);
  return round;
}

}  // namespace twoway::bench
