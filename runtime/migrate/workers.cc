#include "runtime/migrate/workers.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <thread>

namespace twoway {

namespace {

/// Beyond that a disk, not a processor, is waited for.
constexpr unsigned most_threads = 4;

}  // namespace

Workers::Workers(Threads threads) {
  if (threads == Threads::none) return;
  pool_ = std::make_unique<boost::asio::thread_pool>(std::clamp(std::thread::hardware_concurrency(), 1U, most_threads));
}

Workers::~Workers() {
  if (pool_) pool_->stop();
}

void Workers::post(std::function<void()> work) {
  if (!pool_) return work();
  boost::asio::post(*pool_, std::move(work));
}

}  // namespace twoway
