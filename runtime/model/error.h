// Errors that end a run. Rows that fail do not: they are counted and named, and the run goes on.
#pragma once

#include <stdexcept>
#include <string>

namespace twoway {

/// How a command ends. Also the process' exit status.
enum class ExitStatus : int {
  done = 0,            ///< done and verified
  differences = 1,     ///< differences, rejected rows
  cannot_start = 2,    ///< usage, unreachable, schema mismatch: nothing was written
  interrupted = 3,     ///< interrupted; the same command resumes
};

/// What stopped the run, for people: one sentence that says what was found, and what to do about it.
class Error : public std::runtime_error {
 public:
  Error(ExitStatus status, const std::string& what, std::string hint = {})
      : std::runtime_error(what), status_(status), hint_(std::move(hint)) {}
  ExitStatus status() const { return status_; }
  /// What the operator can do; may be empty.
  const std::string& hint() const { return hint_; }

 private:
  ExitStatus status_;
  std::string hint_;
};

/// Thrown where nothing was written yet.
inline Error cannot_start(const std::string& what, std::string hint = {}) {
  return Error(ExitStatus::cannot_start, what, std::move(hint));
}

}  // namespace twoway
