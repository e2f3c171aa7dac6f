// The first SIGINT, SIGTERM or SIGHUP asks a run to end after its batch; the second does what it always does.
#pragma once

#include <csignal>

#include <array>
#include <atomic>

namespace twoway::cli {

/// Holds the handlers while it lives. One at a time.
class Signals {
 public:
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  /// Set by the first signal.
  static const std::atomic<bool>& interrupted();

 private:
  static constexpr std::array numbers{SIGINT, SIGTERM, SIGHUP, SIGPIPE};
  std::array<struct sigaction, numbers.size()> before_{};
};

}  // namespace twoway::cli
