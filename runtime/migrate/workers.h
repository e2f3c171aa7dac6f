// A few threads for work whose parts do not depend on each other.
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <type_traits>

namespace boost::asio {
class thread_pool;
}

namespace twoway {

class Workers {
 public:
  /// As many threads as the machine runs at once, at most four; or none: start() then does the work itself.
  enum class Threads { none, some };

  explicit Workers(Threads threads);
  /// Waits for what has begun; the rest is dropped.
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// What `work` returns or throws comes with the future.
  template <class Work>
  std::future<std::invoke_result_t<Work>> start(Work work) {
    auto task = std::make_shared<std::packaged_task<std::invoke_result_t<Work>()>>(std::move(work));
    post([task] { (*task)(); });
    return task->get_future();
  }

 private:
  void post(std::function<void()> work);

  std::unique_ptr<boost::asio::thread_pool> pool_;
};

}  // namespace twoway
