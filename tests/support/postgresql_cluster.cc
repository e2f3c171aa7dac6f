#include "tests/support/postgresql_cluster.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <vector>

namespace twoway::test {

namespace fs = std::filesystem;

namespace {

using Words = std::vector<std::string>;

/// Whom the server runs as: us, or somebody without rights where we are root.
std::optional<passwd> somebody_else() {
  if (geteuid() != 0) return std::nullopt;
  for (const char* name : {"postgres", "nobody"}) {
    if (const passwd* entry = getpwnam(name)) return *entry;
  }
  throw std::runtime_error("there is neither a user postgres nor nobody, and PostgreSQL refuses to run as root");
}

/// The command as that user. The server must not outlive a test that is killed: then it is sent SIGQUIT.
Words unprivileged(Words command, bool server) {
  Words words;
  const std::optional<passwd> user = somebody_else();
  if (user || server) words.push_back("setpriv");
  if (server) words.insert(words.end(), {"--pdeathsig", "QUIT"});
  if (user) {
    words.insert(words.end(), {fmt::format("--reuid={}", user->pw_uid), fmt::format("--regid={}", user->pw_gid),
                               "--clear-groups"});
  }
  words.insert(words.end(), command.begin(), command.end());
  return words;
}

int free_port() {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool found = descriptor >= 0 && bind(descriptor, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  const int error = errno;
  if (descriptor >= 0) close(descriptor);
  if (!found) throw std::system_error(error, std::generic_category(), "no free port");
  return ntohs(address.sin_port);
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

/// For psql: neither the caller's settings nor his password file.
ProcessOptions client_options(std::string_view as) {
  ProcessOptions options;
  const bool application = as == PostgresqlCluster::user;
  options.environment = {{"PGPASSWORD", std::string(application ? PostgresqlCluster::password : "postgres")},
                         {"PGOPTIONS", ""},
                         {"PGCLIENTENCODING", "UTF8"}};
  options.working_directory = "/";
  return options;
}

}  // namespace

fs::path postgresql_program(std::string_view name) {
  const char* path = std::getenv("PATH");
  std::istringstream directories(path != nullptr ? path : "");
  std::vector<fs::path> places;
  // Debian's wrappers in /usr/bin look for a cluster of their own; the programs themselves come first.
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", error)) places.push_back(entry.path() / "bin");
  std::sort(places.rbegin(), places.rend());
  for (std::string directory; std::getline(directories, directory, ':');) places.emplace_back(directory);
  for (const fs::path& place : places) {
    if (access((place / name).c_str(), X_OK) == 0) return place / name;
  }
  throw std::runtime_error(fmt::format("PostgreSQL's {} is not installed: run ./dev setup", name));
}

PostgresqlCluster::PostgresqlCluster(PostgresqlOptions options) : options_(std::move(options)) {
  initialise();
  constexpr int attempts = 5;  // somebody may take the port before the server does
  for (int attempt = 1;; ++attempt) {
    port_ = free_port();
    try {
      start();
      break;
    } catch (const std::runtime_error&) {
      if (attempt == attempts) throw;
    }
  }
  sql("postgres", fmt::format("CREATE ROLE {} LOGIN PASSWORD '{}'", user, password), superuser);
}

PostgresqlCluster::~PostgresqlCluster() {
  try {
    stop();
  } catch (...) {  // the process is killed with its object
  }
}

void PostgresqlCluster::initialise() {
  const fs::path password_file = directory_ / "password";
  std::ofstream(password_file) << "postgres\n";
  fs::create_directory(data());
  if (const std::optional<passwd> owner = somebody_else()) {
    for (const fs::path& path : {directory_.path(), data(), password_file}) {
      if (chown(path.c_str(), owner->pw_uid, owner->pw_gid) != 0) {
        throw std::system_error(errno, std::generic_category(), "chown " + path.string());
      }
    }
  }
  ProcessOptions options;
  options.working_directory = "/";
  const char* locale = options_.encoding == "UTF8" ? "C.UTF-8" : "C";
  run_checked(unprivileged({postgresql_program("initdb").string(), "--pgdata", data().string(), "--encoding",
                            options_.encoding, fmt::format("--locale={}", locale), "--username", std::string(superuser),
                            "--auth", options_.passwords ? "scram-sha-256" : "trust", "--pwfile",
                            password_file.string(), "--no-sync"},
                           false),
              options);
  std::ofstream configuration(data() / "postgresql.conf", std::ios::app);
  configuration << "listen_addresses = '127.0.0.1'\nmax_connections = 40\nrecovery_init_sync_method = syncfs\n"
                << "unix_socket_directories = '" << directory_.path().string() << "'\n"
                << "fsync = " << (options_.fsync ? "on" : "off") << "\n"
                << options_.configuration << "\n";
  if (!configuration.flush()) throw std::runtime_error("cannot write postgresql.conf");
}

void PostgresqlCluster::start() {
  std::error_code error;
  if (!running()) fs::remove(data() / "postmaster.pid", error);
  ProcessOptions options;
  options.working_directory = "/";
  server_ = std::make_unique<BackgroundProcess>(
      unprivileged({postgresql_program("postgres").string(), "-D", data().string(), "-p", std::to_string(port_)}, true),
      directory_ / "server.log", options);
  if (!wait_until_ready(std::chrono::seconds(60))) {
    server_.reset();
    throw std::runtime_error("PostgreSQL did not start:\n" + log());
  }
}

bool PostgresqlCluster::wait_until_ready(std::chrono::seconds timeout) {
  // The eighth line of this file is the server's word that it takes connections.
  constexpr int status_line = 8;
  const auto until = std::chrono::steady_clock::now() + timeout;
  while (server_->running() && std::chrono::steady_clock::now() < until) {
    std::ifstream file(data() / "postmaster.pid");
    std::string line;
    for (int i = 0; i < status_line; ++i) {
      if (!std::getline(file, line)) line.clear();
    }
    if (line.starts_with("ready")) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

void PostgresqlCluster::stop(bool hard) {
  if (server_ == nullptr) return;
  server_->signal(hard ? SIGKILL : SIGINT);  // SIGINT: it ends its connections and writes a checkpoint
  server_->wait(std::chrono::seconds(60));
  server_.reset();
  // The processes of a killed server notice it, but not at once; until then a new one would not start.
  if (hard) std::this_thread::sleep_for(std::chrono::milliseconds(300));
}

std::string PostgresqlCluster::create_database(std::string name) {
  if (name.empty()) name = fmt::format("webui{}", ++databases_);
  sql("postgres", fmt::format("CREATE DATABASE \"{}\" OWNER {}", name, user), superuser);
  return name;
}

std::string PostgresqlCluster::url(std::string_view database) const {
  return fmt::format("postgresql://{}:{}@127.0.0.1:{}/{}", user, percent_encoded(password), port_, database);
}

std::string PostgresqlCluster::socket_url(std::string_view database) const {
  return fmt::format("postgresql://{}:{}@/{}?host={}&port={}", user, percent_encoded(password), database,
                     percent_encoded(directory_.path().string()), port_);
}

std::string PostgresqlCluster::sql(std::string_view database, std::string_view text, std::string_view as) const {
  ProcessOptions options = client_options(as);
  options.input = text;
  std::string output = run_checked(
      {postgresql_program("psql").string(), "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set",
       "ON_ERROR_STOP=1", "--host", "127.0.0.1", "--port", std::to_string(port_), "--username", std::string(as),
       "--dbname", std::string(database), "--file", "-"},
      options);
  while (output.ends_with('\n')) output.pop_back();
  return output;
}

void PostgresqlCluster::load(std::string_view database, const fs::path& dump) const {
  const std::string text =
      dump.extension() == ".zst" ? run_checked({"zstd", "--decompress", "--stdout", dump.string()}) : read_file(dump);
  sql(database, text);
}

std::string PostgresqlCluster::log() const { return read_file(directory_ / "server.log"); }

PostgresqlCluster& shared_cluster() {
  static PostgresqlCluster cluster;
  return cluster;
}

}  // namespace twoway::test
