#include "runtime/store/pocketbase_server/import_pipeline.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace twoway {

namespace {

/// Requests are not made smaller than this because one was too large: then single rows are the reason.
constexpr std::size_t least_request_bytes = 64 * 1024;

/// `UNIQUE constraint failed: chats.share_id` -> `chats.share_id`, as the offline driver has it.
std::string column_of(const std::string& reason) {
  const std::size_t colon = reason.find(": ");
  return colon == std::string::npos ? std::string() : reason.substr(colon + 2);
}

}  // namespace

ImportPipeline::ImportPipeline(ServerSession& session, ServerWay& way, std::size_t request_bytes)
    : session_(session), way_(way), request_bytes_(request_bytes), sending_(way.form()), thread_([this] { work(); }) {}

ImportPipeline::~ImportPipeline() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

std::shared_ptr<ImportStream> ImportPipeline::stream(ServerCollection collection) {
  std::erase_if(streams_, [](const auto& stream) { return stream.expired(); });
  auto made = std::make_shared<ImportStream>(ImportStream{std::move(collection), RowBody(way_.form()), {}});
  streams_.push_back(made);
  return made;
}

void ImportPipeline::added(ImportStream& stream) {
  if (stream.body.bytes() >= request_bytes_) send(stream);
}

/// Until the thread is idle.
void ImportPipeline::wait(std::unique_lock<std::mutex>& lock) {
  changed_.wait(lock, [this] { return receiver_ == nullptr || failure_; });
  if (failure_) std::rethrow_exception(failure_);
}

void ImportPipeline::send(ImportStream& stream) {
  if (stream.body.rows() == 0) return;
  std::unique_lock lock(mutex_);
  wait(lock);
  for (const auto& weak : streams_) {
    if (const auto shared = weak.lock(); shared.get() == &stream) keep_ = shared;
  }
  receiver_ = &stream;
  std::swap(sending_, stream.body);
  stream.body.clear();
  changed_.notify_all();
}

Settlement ImportPipeline::settle(ImportStream& stream, bool all) {
  if (all) send(stream);
  std::unique_lock lock(mutex_);
  if (all) wait(lock);
  if (failure_) std::rethrow_exception(failure_);
  return std::exchange(stream.settled, {});
}

void ImportPipeline::drain() {
  for (const auto& weak : streams_) {
    if (const auto shared = weak.lock()) send(*shared);
  }
  std::unique_lock lock(mutex_);
  wait(lock);
}

void ImportPipeline::work() {
  ServerApi api(session_);
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return receiver_ != nullptr || stop_; });
    if (stop_) return;
    const std::shared_ptr<ImportStream> receiver = std::move(keep_);
    lock.unlock();
    Settlement settled;
    std::exception_ptr failure;
    try {
      post(api, sending_, receiver->collection, 0, sending_.rows(), settled);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    receiver->settled.inserted += settled.inserted;
    receiver->settled.updated += settled.updated;
    receiver->settled.unchanged += settled.unchanged;
    for (Rejection& rejection : settled.rejected) receiver->settled.rejected.push_back(std::move(rejection));
    receiver_ = nullptr;
    if (failure && !failure_) failure_ = failure;
    changed_.notify_all();
  }
}

void ImportPipeline::post(ServerApi& api, RowBody& body, const ServerCollection& collection, std::size_t first,
                          std::size_t last, Settlement& settled) {
  const std::size_t rows = last - first;
  const bool whole = rows == body.rows();
  const std::string part = whole ? std::string() : body.body(first, last);
  const std::string_view text = whole ? body.body() : std::string_view(part);
  const Posted posted = way_.import(api, collection, text, rows, body.tagged());
  if (posted.what == Posted::What::done) {
    settled.inserted += posted.inserted;
    settled.updated += posted.updated;
    const std::uint64_t written = posted.inserted + posted.updated;
    settled.unchanged += rows > written ? rows - written : 0;
    return;
  }
  if (posted.what == Posted::What::too_large) {
    const std::size_t smaller = std::max(least_request_bytes, text.size() / 2);
    if (smaller < request_bytes_) request_bytes_ = smaller;
  }
  if (rows == 1) {
    const bool refused = posted.what == Posted::What::refused;
    settled.rejected.push_back({body.id(first), refused ? column_of(posted.reason) : std::string(),
                                refused ? posted.reason
                                        : fmt::format("{} (one record, {} bytes)", posted.reason, text.size())});
    return;
  }
  const std::size_t middle = first + rows / 2;
  post(api, body, collection, first, middle, settled);
  post(api, body, collection, middle, last, settled);
}

}  // namespace twoway
