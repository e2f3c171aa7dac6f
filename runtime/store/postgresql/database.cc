#include "runtime/store/postgresql/database.h"

#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "runtime/store/postgresql/patience.h"

namespace twoway::postgresql {

namespace {

/// What twoway's advisory lock is known by: the first eight letters of its name and purpose.
constexpr std::int64_t lock_number = 0x74776F7761795F77;  // "twoway_w"

constexpr std::string_view begin_snapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

}  // namespace

Database::Database(const Address& address, Access access)
    : access_(access), main_(std::make_unique<Connection>(address, access)) {
  if (access == Access::read_only) {
    main_->execute(std::string(begin_snapshot));
    snapshot_ = main_->text("SELECT pg_catalog.pg_export_snapshot()");
  } else if (!lock_soon()) {
    throw cannot_start(fmt::format("another twoway writes to {}: {}", main_->describe(), lock_holder(*main_)),
                       "Wait until it has ended, or end it.");
  }
}

Database::~Database() = default;

/// The server may take a while to notice that a run that was killed is gone.
bool Database::lock_soon() {
  constexpr int most_attempts_to_lock = 20;
  constexpr std::chrono::milliseconds between{100};
  for (int attempt = 1; !lock(); ++attempt) {
    if (attempt == most_attempts_to_lock) return false;
    std::this_thread::sleep_for(between);
  }
  return true;
}

bool Database::lock() {
  return main_->integer(fmt::format("SELECT pg_catalog.pg_try_advisory_lock({})", lock_number)) != 0;
}

void Database::reopen() {
  idle_.clear();
  reopen_patiently(*main_);
  // The server may take a while to notice that the old session is gone.
  Patience patience;
  while (!lock()) {
    if (!patience.wait()) {
      throw Error(ExitStatus::interrupted,
                  fmt::format("another twoway writes to {}: {}", main_->describe(), lock_holder(*main_)),
                  "Wait until it has ended, or end it, and run the same command again.");
    }
  }
}

std::unique_ptr<Connection> Database::open_another() const {
  auto connection = open_further(main_->address(), access_);
  if (!snapshot_.empty()) {
    connection->execute(fmt::format("{}; SET TRANSACTION SNAPSHOT {}", begin_snapshot, quoted_text(snapshot_)));
  }
  return connection;
}

Database::Borrowed Database::borrow() {
  std::unique_ptr<Connection> connection;
  while (connection == nullptr && !idle_.empty()) {
    connection = std::move(idle_.back());
    idle_.pop_back();
    try {
      connection->execute("SELECT 1");
    } catch (const ConnectionLost&) {  // it broke while nobody looked
      connection.reset();
    }
  }
  if (connection == nullptr) connection = open_another();
  return {*this, std::move(connection)};
}

Database::Borrowed::~Borrowed() {
  if (connection_ != nullptr && connection_->ready()) database_->idle_.push_back(std::move(connection_));
}

std::string lock_holder(Connection& connection) {
  return connection.text(fmt::format(
      "SELECT regexp_replace(a.application_name, '^twoway-([0-9]+)$', 'twoway (process \\1)') || ' (user ' || "
      "coalesce(a.usename, '?') || ' from ' || coalesce(host(a.client_addr), 'the server itself') || ', session ' || "
      "a.pid || ')' FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid WHERE "
      "l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = "
      "current_database()) AND (l.classid::bigint << 32 | l.objid::bigint) = {} AND l.objsubid = 1 LIMIT 1",
      lock_number));
}

std::vector<std::string> other_sessions(Connection& connection) {
  const Result rows = connection.query(
      "SELECT coalesce(nullif(application_name, ''), 'a program') || ' (user ' || coalesce(usename, '?') || ' from ' "
      "|| "
      "coalesce(host(client_addr), 'the server itself') || ', session ' || pid || ')' FROM "
      "pg_catalog.pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> "
      "pg_backend_pid() AND application_name NOT LIKE 'twoway%' AND application_name <> "
      "current_setting('application_name') ORDER BY 1");
  std::vector<std::string> out;
  for (int i = 0; i < rows.rows(); ++i) out.push_back(rows.text(i, 0));
  return out;
}

}  // namespace twoway::postgresql
