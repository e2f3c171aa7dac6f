// The real PocketBase, running on a loopback port for as long as a test needs it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/process.h"
#include "tests/support/rest_client.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {

struct PocketBaseOptions {
  std::filesystem::path migrations;    ///< --migrationsDir; default: an empty directory
  std::filesystem::path hooks;         ///< --hooksDir; default: an empty directory
  std::vector<std::string> arguments;  ///< further arguments of `serve`
};

/// Creates the superuser below, serves a data directory, waits until it is healthy. The destructor stops it.
class PocketBaseServer {
 public:
  static constexpr const char* superuser_email = "superuser@example.com";
  static constexpr const char* superuser_password = "a superuser's password";

  explicit PocketBaseServer(const std::filesystem::path& data, const PocketBaseOptions& options = {});
  ~PocketBaseServer();

  const std::string& host() const { return host_; }
  unsigned short port() const { return port_; }
  std::string url() const;
  pid_t process_id() const { return process_->id(); }
  /// A client without a token.
  RestClient client() const { return RestClient(host_, port_); }
  /// A client that is signed in as the superuser.
  RestClient superuser() const;
  /// SIGTERM, then waits: afterwards the data directory is closed. Throws if it had to be killed.
  void stop();
  /// What it printed so far.
  std::string log() const { return process_->log(); }

 private:
  bool start(const std::filesystem::path& data, const PocketBaseOptions& options);

  TemporaryDirectory scratch_{"pocketbase"};
  std::string host_ = "127.0.0.1";
  unsigned short port_ = 0;
  std::unique_ptr<BackgroundProcess> process_;
};

/// A loopback port that nothing listens on at the moment.
unsigned short free_port();

}  // namespace twoway::test
