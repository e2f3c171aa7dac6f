#include "runtime/migrate/file_copying.h"

#include <fmt/format.h>

#include <filesystem>

#include "runtime/migrate/digest.h"

namespace twoway {

namespace fs = std::filesystem;
using files::FileError;
using files::FileSource;

namespace {

/// Files are made durable, compared and named in PocketBase so many at a time.
constexpr std::size_t batch_files = 1000;
constexpr std::uint64_t batch_bytes = 256 * 1024 * 1024;
constexpr std::chrono::seconds between_words{10};

}  // namespace

bool share_bytes(const FileSource& a, const FileSource& b) {
  std::error_code error;
  if (a.descriptor() < 0 || b.descriptor() < 0) return false;
  return fs::equivalent(fmt::format("/proc/self/fd/{}", a.descriptor()),
                        fmt::format("/proc/self/fd/{}", b.descriptor()), error);
}

void add_file(FileReport& report, const NamedFile& file, const std::string& sha256) {
  add(report.digest, values_digest({{"record", file.item.record}, {"sha256", sha256}}));
}

void stop_if_asked(const RunContext& context) {
  if (context.options.interrupted != nullptr && context.options.interrupted->load()) throw Interrupted{};
}

void FileCopying::file(NamedFile file) {
  stop_if_asked(context_);
  if (file.elsewhere) return;
  if (!file.refusal.empty()) return findings_.say_lost(report_, file, file.refusal);
  try {
    copy(file);
  } catch (const FileError& error) {
    ++report_.failed;
    findings_.say_lost(report_, file, error.what());
  }
  if (puts_.size() >= batch_files || batch_bytes_ >= batch_bytes) finish_batch();
  say();
}

void FileCopying::finish() {
  finish_batch();
  if (absent_ <= report_.missing) return;
  context_.differ({report_.entity,
                   {},
                   report_.field,
                   fmt::format("{} missing", report_.missing),
                   fmt::format("{} missing", absent_),
                   report_.position});
}

void FileCopying::finish_batch() {
  to_.finish_batch();
  for (const Put& put : puts_) compare(put);
  puts_.clear();
  batch_bytes_ = 0;
}

void FileCopying::copy(NamedFile& file) {
  const auto source = from_.open(file.item);
  if (!source) {
    ++absent_;
    return;
  }
  if (file.item.stored.empty()) {
    const auto stored = to_.stored(file.item.record);
    if (!stored) throw FileError("has no record in the target");
    file.item.stored = *stored;
  }
  files::HashedSource hashed(*source);
  if (is_there(file, *source, hashed)) return;
  hashed.rewind();
  const files::Placed placed = to_.put(file.item, hashed);
  if (placed.linked) hashed.rewind();
  const std::string sha256 = hashed.sha256();
  if (!placed.stored.empty()) file.item.stored = placed.stored;
  ++(placed.linked ? report_.linked : report_.copied);
  if (!placed.linked) report_.copied_bytes += hashed.bytes();
  batch_bytes_ += hashed.bytes();
  went_over(file, sha256);
  puts_.push_back({std::move(file), sha256, hashed.bytes(), placed.linked});
}

/// Equal already: from an earlier run, or from one that was killed before the record named it.
bool FileCopying::is_there(const NamedFile& file, FileSource& source, files::HashedSource& hashed) {
  const auto there = to_.open(file.item);
  if (!there || there->size() != source.size()) return false;
  const std::string sha256 = hashed.sha256();
  if (!share_bytes(source, *there) && files::sha256_of(*there) != sha256) return false;
  ++report_.skipped;
  to_.adopt(file.item);
  went_over(file, sha256);
  return true;
}

void FileCopying::went_over(const NamedFile& file, const std::string& sha256) {
  add_file(report_, file, sha256);
  findings_.check_hash(file, sha256, report_);
}

void FileCopying::compare(const Put& put) {
  const Verification how = context_.options.verification;
  if (how == Verification::none) return;
  const Stopwatch watch(report_.verify_time);
  ++report_.verified;
  if (put.linked) return;  // there is one file, which two names lead to
  std::string found = "none";
  try {
    if (const auto there = to_.open(put.file.item)) {
      const bool whole = how == Verification::all;
      found = whole ? files::sha256_of(*there) : there->size() == put.size ? put.sha256 : "another size";
    }
  } catch (const FileError& error) {
    found = error.what();
  }
  if (found == put.sha256) return;
  ++report_.different;
  context_.differ({report_.entity, put.file.item.record, report_.field, put.sha256, found, report_.position});
}

void FileCopying::say() {
  const auto now = std::chrono::steady_clock::now();
  if (now - said_ < between_words) return;
  said_ = now;
  context_.log("info", fmt::format("files of {}: {} of {}", report_.entity,
                                   report_.copied + report_.linked + report_.skipped, report_.present));
}

}  // namespace twoway
