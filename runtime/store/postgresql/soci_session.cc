#include "runtime/store/postgresql/soci_session.h"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include "runtime/store/execute_as_given.h"

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

void SociSession::execute(const std::string& sql) { execute_as_given(implementation_->session, sql); }

}  // namespace twoway::postgresql
