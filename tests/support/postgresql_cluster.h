// The real PostgreSQL, in a cluster of the test's own.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {

struct PostgresqlOptions {
  bool fsync = true;
  /// Whether people need their password (scram-sha-256); otherwise everybody is let in (trust).
  bool passwords = false;
  /// UTF8, or another one to be refused.
  std::string encoding = "UTF8";
  /// Further lines of postgresql.conf.
  std::string configuration;
};

/// A private server on a free loopback port, in a temporary directory, started by the constructor and gone with this
/// object, at the latest with the thread that made it. The programs are those on PATH or of Debian's packages; where
/// the tests run as root, the server runs as `postgres` or `nobody`, because it refuses to be root.
class PostgresqlCluster {
 public:
  explicit PostgresqlCluster(PostgresqlOptions options = {});
  ~PostgresqlCluster();
  PostgresqlCluster(const PostgresqlCluster&) = delete;
  PostgresqlCluster& operator=(const PostgresqlCluster&) = delete;

  /// The role that owns the databases: no superuser, as applications have it.
  static constexpr std::string_view user = "webui";
  static constexpr std::string_view password = "s3cret/pass:word@%";
  static constexpr std::string_view superuser = "postgres";

  /// Makes an empty database that belongs to `user`. Returns its name: `name`, or one that is not taken yet.
  std::string create_database(std::string name = {});
  /// `postgresql://webui:...@127.0.0.1:PORT/DATABASE`, as an application has it.
  std::string url(std::string_view database) const;
  /// The same, through the socket's directory instead of TCP.
  std::string socket_url(std::string_view database) const;
  int port() const { return port_; }

  /// Runs SQL through psql, as the superuser or as `user`; throws where a statement fails. Returns what it printed:
  /// rows a line, columns separated by `|`, nothing else.
  std::string sql(std::string_view database, std::string_view text, std::string_view as = user) const;
  /// Restores a dump made by pg_dump in plain format, packed with zstd or not, as `user`.
  void load(std::string_view database, const std::filesystem::path& dump) const;

  /// Stops the server; `hard`: kill -9, as after a power failure.
  void stop(bool hard = false);
  /// Starts it again on the same port, with recovery where it was killed.
  void start();
  void restart(bool hard = false) {
    stop(hard);
    start();
  }
  bool running() { return server_ != nullptr && server_->running(); }
  /// What the server wrote to its log.
  std::string log() const;

 private:
  void initialise();
  bool wait_until_ready(std::chrono::seconds timeout);
  std::filesystem::path data() const { return directory_ / "data"; }

  PostgresqlOptions options_;
  TemporaryDirectory directory_{"postgresql"};
  int port_ = 0;
  int databases_ = 0;
  std::unique_ptr<BackgroundProcess> server_;
};

/// The cluster that the tests of one program share. It is made when it is first asked for.
PostgresqlCluster& shared_cluster();

/// One of PostgreSQL's programs: on PATH, or where Debian has it.
std::filesystem::path postgresql_program(std::string_view name);

}  // namespace twoway::test
