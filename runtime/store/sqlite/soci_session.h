// SOCI's session, apart from the rest: its header declares SQLite's API anew in a namespace of its own.
#pragma once

#include <memory>
#include <string>

namespace twoway::sqlite {

/// An open SOCI session on a SQLite file. Failures are std::runtime_error with SQLite's words, or std::bad_alloc.
class SociSession {
 public:
  SociSession(const std::string& uri, bool read_only, int busy_timeout_seconds);
  ~SociSession();
  /// The `sqlite3*` beneath; owned by the session.
  void* native() const;
  void execute(const std::string& sql);

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace twoway::sqlite
