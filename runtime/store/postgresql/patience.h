// Waiting for a server that is gone for a while.
#pragma once

#include <chrono>

#include "runtime/store/postgresql/connection.h"

namespace twoway::postgresql {

/// Waits longer and longer, by chance a little more or less, so that many clients do not come back at once; for a
/// minute in total.
class Patience {
 public:
  Patience();
  /// Waits; false, at once, where the time is up.
  bool wait();

 private:
  std::chrono::steady_clock::time_point until_;
  std::chrono::milliseconds next_;
};

/// Opens a new session in place of a lost one; throws ConnectionLost where none comes about for a minute.
void reopen_patiently(Connection& connection);

}  // namespace twoway::postgresql
