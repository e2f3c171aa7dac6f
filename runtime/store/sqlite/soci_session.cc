#include "runtime/store/sqlite/soci_session.h"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

namespace twoway::sqlite {

struct SociSession::Implementation {
  soci::session session;
};

SociSession::SociSession(const std::string& uri, bool read_only, int busy_timeout_seconds)
    : implementation_(std::make_unique<Implementation>()) {
  implementation_->session.open(soci::sqlite3, "dbname=\"" + uri + "\" timeout=" +
                                                   std::to_string(busy_timeout_seconds) +
                                                   (read_only ? " readonly=true" : ""));
}

SociSession::~SociSession() = default;

void* SociSession::native() const {
  return static_cast<soci::sqlite3_session_backend*>(implementation_->session.get_backend())->conn_;
}

void SociSession::execute(const std::string& sql) {
  // Not by `session << sql`: its stream takes what fits where memory fails, and the rest of the text would be missing.
  soci::statement statement(implementation_->session);
  statement.alloc();
  statement.prepare(sql, soci::details::st_one_time_query);
  statement.define_and_bind();
  statement.execute(true);
}

}  // namespace twoway::sqlite
