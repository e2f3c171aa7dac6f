// A second thread with a connection of its own, which sends batches while the next one is being encoded.
#pragma once

#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "runtime/store/postgresql/batch.h"
#include "runtime/store/postgresql/connection.h"
#include "runtime/store/postgresql/refused_log.h"

namespace twoway::postgresql {

/// Sends one batch at a time; with the one that is being encoded there are two in memory. A lost connection is opened
/// again, with patience, and the batch is repeated in a way that doubles nothing.
class Loader {
 public:
  Loader(const Address& address, RefusedLog& refused) : address_(address), refused_(refused) {}
  ~Loader();
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;

  /// Hands a batch over; waits while another one is being sent. Throws what stopped an earlier batch.
  void submit(std::unique_ptr<Batch> batch);
  /// Waits until all that was handed over is committed. Throws what stopped it.
  void wait();
  /// Memory for the next batch.
  std::string buffer();
  /// Batches that were committed: when it changes, what was looked up before may be old.
  std::uint64_t committed();

 private:
  void run();
  void send(const Batch& batch);
  void throw_failure(std::unique_lock<std::mutex>& lock);

  Address address_;
  RefusedLog& refused_;
  std::unique_ptr<Connection> connection_;  // the thread's
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::unique_ptr<Batch> next_;
  std::string spare_;
  std::exception_ptr failure_;
  bool busy_ = false;
  bool stop_ = false;
  std::uint64_t committed_ = 0;
};

}  // namespace twoway::postgresql
