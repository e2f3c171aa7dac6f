// The connections to one database: one for statements and look-ups, and others beside it, because a COPY occupies its
// connection as long as it streams.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "runtime/store/postgresql/connection.h"

namespace twoway::postgresql {

/// Other sessions on the database, as `shop (user webui from 10.1.2.3, session 77)`: the session's number is its
/// backend's process on the server. Those of twoway are left out: a lock keeps two of them from writing.
std::vector<std::string> other_sessions(Connection& connection);
/// Who holds the lock of a twoway that writes to the database, in the same words; empty where nobody does.
std::string lock_holder(Connection& connection);

/// A database that is used as a source or as a target. Not thread-safe; a connection from open_another() may be used by
/// another thread.
class Database {
 public:
  /// Access::read_only: everything that is read, over all connections, is of one moment: the constructor opens a
  /// transaction whose snapshot the others take over. Access::read_write: nobody else may hold the advisory lock that
  /// twoway takes for a database that it writes to, else Error(cannot_start).
  Database(const Address& address, Access access);
  ~Database();

  /// The connection for statements. On a source it is in the middle of a transaction.
  Connection& main() { return *main_; }
  /// Runs `work(main())`. Where the connection to a target breaks, a new one is made, with patience, and the work is
  /// done again from its beginning: it must be idempotent. Not within a transaction of the caller's.
  template <class Work>
  auto patiently(Work work) {
    for (int attempt = 1;; ++attempt) {
      try {
        return work(*main_);
      } catch (const ConnectionLost&) {
        if (access_ == Access::read_only || attempt == most_attempts) throw;
        reopen();
      }
    }
  }
  const Address& address() const { return main_->address(); }
  std::string describe() const { return main_->describe(); }
  Access access() const { return access_; }

  /// A connection for a while: given back when it goes out of scope.
  class Borrowed {
   public:
    Borrowed(Database& database, std::unique_ptr<Connection> connection)
        : database_(&database), connection_(std::move(connection)) {}
    ~Borrowed();
    Borrowed(Borrowed&&) = default;
    Borrowed& operator=(Borrowed&&) = delete;
    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }

   private:
    Database* database_;
    std::unique_ptr<Connection> connection_;
  };
  /// One that nobody uses at present, or a new one; on a source in the common snapshot. It must not outlive this
  /// object.
  Borrowed borrow();
  /// A connection of the caller's own; on a source in the common snapshot.
  std::unique_ptr<Connection> open_another() const;

 private:
  static constexpr int most_attempts = 5;
  void reopen();
  bool lock();
  bool lock_soon();

  Access access_;
  std::unique_ptr<Connection> main_;
  std::string snapshot_;
  std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace twoway::postgresql
