#include "tests/support/pocketbase_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "tests/support/places.h"

namespace twoway::test {

namespace fs = std::filesystem;

unsigned short free_port() {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const bool found = descriptor >= 0 && bind(descriptor, generic, size) == 0 &&
                     getsockname(descriptor, generic, &size) == 0;
  const int error = errno;
  if (descriptor >= 0) close(descriptor);
  if (!found) throw std::system_error(error, std::generic_category(), "a free port");
  return ntohs(address.sin_port);
}

PocketBaseServer::PocketBaseServer(const fs::path& data, const PocketBaseOptions& options) {
  fs::create_directories(data);
  run_checked({pocketbase_program().string(), "superuser", "upsert", superuser_email, superuser_password, "--dir",
               data.string()});
  // Somebody else may take the port between the question and the start, so try again.
  for (int attempt = 1; !start(data, options); ++attempt) {
    if (attempt == 5) throw std::runtime_error("PocketBase does not start:\n" + log());
  }
}

bool PocketBaseServer::start(const fs::path& data, const PocketBaseOptions& options) {
  const auto directory = [&](const fs::path& wanted, const char* name) {
    if (!wanted.empty()) return wanted.string();
    fs::create_directories(scratch_ / name);
    return (scratch_ / name).string();
  };
  port_ = free_port();
  std::vector<std::string> arguments{pocketbase_program().string(), "serve", fmt::format("--http={}:{}", host_, port_),
                                     "--automigrate=0", "--dir=" + data.string(),
                                     "--migrationsDir=" + directory(options.migrations, "pb_migrations"),
                                     "--hooksDir=" + directory(options.hooks, "pb_hooks"),
                                     "--publicDir=" + directory({}, "pb_public")};
  arguments.insert(arguments.end(), options.arguments.begin(), options.arguments.end());
  process_ = std::make_unique<BackgroundProcess>(arguments, scratch_ / "log");
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (process_->running() && std::chrono::steady_clock::now() < until) {
    try {
      if (client().get("/api/health").status == 200 && process_->running()) return true;
    } catch (const std::exception&) {  // not listening yet
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return false;
}

PocketBaseServer::~PocketBaseServer() {
  if (process_->running()) process_->terminate();
}

std::string PocketBaseServer::url() const { return fmt::format("http://{}:{}", host_, port_); }

RestClient PocketBaseServer::superuser() const {
  RestClient superuser = client();
  superuser.sign_in("_superusers", superuser_email, superuser_password);
  return superuser;
}

void PocketBaseServer::stop() {
  const ProcessResult result = process_->terminate();
  if (result.timed_out) throw std::runtime_error("PocketBase had to be killed:\n" + result.output);
}

}  // namespace twoway::test
