#include "runtime/store/postgresql/patience.h"

#include <algorithm>
#include <random>
#include <thread>

namespace twoway::postgresql {

namespace {
constexpr std::chrono::seconds in_total{60};
constexpr std::chrono::milliseconds first{100};
constexpr std::chrono::milliseconds longest{5000};
}  // namespace

Patience::Patience() : until_(std::chrono::steady_clock::now() + in_total), next_(first) {}

bool Patience::wait() {
  if (std::chrono::steady_clock::now() >= until_) return false;
  thread_local std::minstd_rand random{std::random_device{}()};
  std::uniform_int_distribution<std::chrono::milliseconds::rep> jitter(next_.count() / 2, next_.count());
  std::this_thread::sleep_for(std::chrono::milliseconds(jitter(random)));
  next_ = std::min(2 * next_, longest);
  return true;
}

void reopen_patiently(Connection& connection) {
  Patience patience;
  while (true) {
    try {
      connection.reopen();
      return;
    } catch (const ConnectionLost&) {
      if (!patience.wait()) throw;
    }
  }
}

}  // namespace twoway::postgresql
