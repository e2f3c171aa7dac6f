#include "runtime/store/postgresql/loader.h"

#include <utility>

#include "runtime/store/postgresql/batch_runner.h"
#include "runtime/store/postgresql/patience.h"

namespace twoway::postgresql {

namespace {
/// A batch that breaks the connection this often is at fault itself.
constexpr int most_attempts = 5;
/// A buffer that one huge row made larger than this is not kept.
constexpr std::size_t most_kept_bytes = 16 * 1024 * 1024;
}  // namespace

Loader::~Loader() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    next_.reset();
  }
  changed_.notify_all();
  thread_.join();
}

void Loader::throw_failure(std::unique_lock<std::mutex>& lock) {
  if (failure_ == nullptr) return;
  const std::exception_ptr failure = failure_;
  lock.unlock();
  std::rethrow_exception(failure);
}

void Loader::submit(std::unique_ptr<Batch> batch) {
  std::unique_lock lock(mutex_);
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  changed_.wait(lock, [this] { return (next_ == nullptr && !busy_) || failure_ != nullptr; });
  throw_failure(lock);
  next_ = std::move(batch);
  changed_.notify_all();
}

void Loader::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return (next_ == nullptr && !busy_) || failure_ != nullptr; });
  throw_failure(lock);
}

std::string Loader::buffer() {
  const std::lock_guard lock(mutex_);
  return std::exchange(spare_, std::string());
}

std::uint64_t Loader::committed() {
  const std::lock_guard lock(mutex_);
  return committed_;
}

void Loader::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stop_ || (next_ != nullptr && failure_ == nullptr); });
    if (stop_) return;
    std::unique_ptr<Batch> batch = std::move(next_);
    busy_ = true;
    lock.unlock();
    changed_.notify_all();
    std::exception_ptr failure;
    try {
      send(*batch);
    } catch (...) {
      failure = std::current_exception();
    }
    batch->bytes.clear();
    lock.lock();
    busy_ = false;
    ++committed_;
    failure_ = failure;
    if (batch->bytes.capacity() <= most_kept_bytes) spare_ = std::move(batch->bytes);
    batch.reset();
    changed_.notify_all();
  }
}

void Loader::send(const Batch& batch) {
  for (int attempt = 1;; ++attempt) {
    try {
      if (connection_ == nullptr) connection_ = open_further(address_, Access::read_write);
      BatchRunner(*connection_, batch, refused_).run(attempt > 1);
      return;
    } catch (const ConnectionLost&) {
      if (attempt == most_attempts) throw;
      reopen_patiently(*connection_);
    }
  }
}

}  // namespace twoway::postgresql
