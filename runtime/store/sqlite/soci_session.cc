#include "runtime/store/sqlite/soci_session.h"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <new>
#include <stdexcept>

#include "runtime/store/execute_as_given.h"

namespace twoway::sqlite {

namespace api = sqlite_api;

struct SociSession::Implementation {
  soci::session session;
  api::sqlite3*& connection() { return static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_; }
};

SociSession::SociSession(const std::string& uri, bool read_only, int busy_timeout_seconds)
    : implementation_(std::make_unique<Implementation>()) {
  // SOCI reads `dbname=... timeout=...` through a stream, and reads on for ever where memory fails in it. A name alone
  // it takes as it is: so its session begins with a database of nothing, and is given the real one.
  implementation_->session.open(soci::sqlite3, ":memory:");
  api::sqlite3*& connection = implementation_->connection();
  api::sqlite3_close(connection);
  connection = nullptr;
  const int access = read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int code = api::sqlite3_open_v2(uri.c_str(), &connection, access | SQLITE_OPEN_URI, nullptr);
  if (code == SQLITE_NOMEM || connection == nullptr) throw std::bad_alloc();
  if (code != SQLITE_OK) throw std::runtime_error(api::sqlite3_errmsg(connection));
  api::sqlite3_busy_timeout(connection, busy_timeout_seconds * 1000);
}

SociSession::~SociSession() = default;

void* SociSession::native() const {
  return implementation_->connection();
}

void SociSession::execute(const std::string& sql) { execute_as_given(implementation_->session, sql); }

}  // namespace twoway::sqlite
