// SOCI's session on a PostgreSQL server, apart from the rest.
#pragma once

#include <memory>
#include <string>

namespace twoway::postgresql {

/// An open SOCI session. Failures are std::runtime_error with the server's or libpq's words.
class SociSession {
 public:
  explicit SociSession(const std::string& connection_string);
  ~SociSession();
  /// The `PGconn*` beneath; owned by the session.
  void* native() const;
  void execute(const std::string& sql);

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace twoway::postgresql
