// Bodies of rows on their way to the server, while the next one is being filled.
#pragma once

#include <atomic>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>

#include "runtime/store/outcome.h"
#include "runtime/store/pocketbase_server/server_way.h"

namespace twoway {

/// Rows of one collection that are held back, and what became of those that were sent.
struct ImportStream {
  ServerCollection collection;
  RowBody body;
  Settlement settled;  ///< guarded by the pipeline's mutex
};

/// One thread posts while its owner encodes: at most two bodies are in memory. A request that is too large is halved,
/// and so is one with a row that the server refuses, until that row is alone.
class ImportPipeline {
 public:
  /// `request_bytes`: a body is sent once it has this size.
  ImportPipeline(ServerSession& session, ServerWay& way, std::size_t request_bytes);
  ~ImportPipeline();
  ImportPipeline(const ImportPipeline&) = delete;
  ImportPipeline& operator=(const ImportPipeline&) = delete;

  std::shared_ptr<ImportStream> stream(ServerCollection collection);
  /// After each row that was added to `stream.body`. Throws what the thread met.
  void added(ImportStream& stream);
  /// What became of the stream's rows since the last call. `all`: sends what is held back and waits for it.
  Settlement settle(ImportStream& stream, bool all);
  /// Sends and settles what is held back in all streams that are in use.
  void drain();

 private:
  void send(ImportStream& stream);
  void wait(std::unique_lock<std::mutex>& lock);
  void work();
  void post(ServerApi& api, RowBody& body, const ServerCollection& collection, std::size_t first, std::size_t last,
            Settlement& settled);

  ServerSession& session_;
  ServerWay& way_;
  std::atomic<std::size_t> request_bytes_;
  std::vector<std::weak_ptr<ImportStream>> streams_;

  std::mutex mutex_;
  std::condition_variable changed_;
  ImportStream* receiver_ = nullptr;   ///< whose rows `sending_` holds; null: the thread is idle
  std::shared_ptr<ImportStream> keep_;  ///< keeps the receiver alive
  RowBody sending_;
  std::exception_ptr failure_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace twoway
