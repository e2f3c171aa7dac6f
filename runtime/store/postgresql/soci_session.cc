#include "runtime/store/postgresql/soci_session.h"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

namespace twoway::postgresql {

struct SociSession::Implementation {
  soci::session session;
};

SociSession::SociSession(const std::string& connection_string) : implementation_(std::make_unique<Implementation>()) {
  implementation_->session.open(soci::postgresql, connection_string);
}

SociSession::~SociSession() = default;

void* SociSession::native() const {
  return static_cast<soci::postgresql_session_backend*>(implementation_->session.get_backend())->conn_;
}

void SociSession::execute(const std::string& sql) {
  // Not by `session << sql`: its stream takes what fits where memory fails, and the rest of the text would be missing.
  soci::statement statement(implementation_->session);
  statement.alloc();
  statement.prepare(sql, soci::details::st_one_time_query);
  statement.define_and_bind();
  statement.execute(true);
}

}  // namespace twoway::postgresql
