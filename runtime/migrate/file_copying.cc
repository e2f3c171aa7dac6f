#include "runtime/migrate/file_copying.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "runtime/migrate/digest.h"

namespace twoway {

namespace fs = std::filesystem;
using files::FileError;
using files::FileSource;

namespace {

/// Files are made durable, compared and named in PocketBase so many at a time.
constexpr std::size_t batch_files = 4000;
constexpr std::uint64_t batch_bytes = 256 * 1024 * 1024;
constexpr std::chrono::seconds between_words{10};
/// So that no worker waits for the one thread that reads rows.
constexpr std::size_t most_begun = 64;

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

FileCopying::FileCopying(RunContext& context, FileFindings& findings, FileReport& report, files::FileSide& from,
                         files::FileSide& to)
    : context_(context),
      findings_(findings),
      report_(report),
      from_(from),
      to_(to),
      workers_(from.takes_threads() && to.takes_threads() ? Workers::Threads::some : Workers::Threads::none) {}

void FileCopying::file(NamedFile file) {
  stop_if_asked(context_);
  if (file.elsewhere) return;
  if (!file.refusal.empty()) return findings_.say_lost(report_, file, file.refusal);
  const auto same_name = [&](const Begun& begun) { return begun.file.item.uploads_name == file.item.uploads_name; };
  while (begun_.size() >= most_begun || std::any_of(begun_.begin(), begun_.end(), same_name)) settle_first();
  bool has_record = true;
  if (file.item.stored.empty()) {
    const auto stored = to_.stored(file.item.record);
    has_record = stored.has_value();
    file.item.stored = stored.value_or(std::string());
  }
  if (puts_.size() >= batch_files || batch_bytes_ >= batch_bytes) finish_batch();
  Begun& begun = begun_.emplace_back();
  begun.file = std::move(file);
  begun.outcome = workers_.start([this, item = begun.file.item, has_record] { return try_copy(item, has_record); });
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
  while (!begun_.empty()) settle_first();
  to_.finish_batch();
  if (context_.options.verification != Verification::none) {
    const Stopwatch watch(report_.verify_time);
    std::vector<std::future<std::string>> hashes;
    for (const Put& put : puts_) hashes.push_back(workers_.start([this, &put] { return hash_there(put); }));
    for (std::size_t i = 0; i < puts_.size(); ++i) compare(puts_[i], hashes[i].get());
  }
  puts_.clear();
  batch_bytes_ = 0;
}

FileCopying::Outcome FileCopying::try_copy(const files::FileItem& item, bool has_record) const {
  try {
    return copy(item, has_record);
  } catch (const FileError& error) {
    Outcome lost;
    lost.what = Outcome::What::lost;
    lost.why = error.what();
    return lost;
  }
}

FileCopying::Outcome FileCopying::copy(const files::FileItem& item, bool has_record) const {
  Outcome outcome;
  const auto source = from_.open(item);
  if (!source) return outcome;
  if (!has_record) throw FileError("has no record in the target");
  files::HashedSource hashed(*source);
  // Equal already: from an earlier run, or from one that was killed before the record named it.
  if (const auto there = to_.open(item); there && there->size() == source->size()) {
    outcome.sha256 = hashed.sha256();
    if (share_bytes(*source, *there) || files::sha256_of(*there) == outcome.sha256) {
      outcome.what = Outcome::What::found;
      outcome.placed.stored = item.stored.empty() ? item.storage_name : item.stored;
      return outcome;
    }
  }
  hashed.rewind();
  outcome.placed = to_.put(item, hashed);
  if (outcome.placed.linked) hashed.rewind();
  outcome.sha256 = hashed.sha256();
  outcome.bytes = hashed.bytes();
  outcome.what = Outcome::What::put;
  return outcome;
}

void FileCopying::settle_first() {
  Begun first = std::move(begun_.front());
  begun_.pop_front();
  settle(std::move(first.file), first.outcome.get());
}

void FileCopying::settle(NamedFile file, Outcome outcome) {
  using What = Outcome::What;
  if (outcome.what == What::absent) {
    ++absent_;
    return;
  }
  if (outcome.what == What::lost) {
    ++report_.failed;
    return findings_.say_lost(report_, file, outcome.why);
  }
  to_.name(file.item, outcome.placed.stored);
  add_file(report_, file, outcome.sha256);
  findings_.check_hash(file, outcome.sha256, report_);
  if (outcome.what == What::found) {
    ++report_.skipped;
    return;
  }
  const bool linked = outcome.placed.linked;
  ++(linked ? report_.linked : report_.copied);
  if (!linked) report_.copied_bytes += outcome.bytes;
  batch_bytes_ += outcome.bytes;
  if (!outcome.placed.stored.empty()) file.item.stored = outcome.placed.stored;
  puts_.push_back({std::move(file), std::move(outcome.sha256), outcome.bytes, linked});
}

/// In the workers' threads: what the target's file holds now, in the words of compare().
std::string FileCopying::hash_there(const Put& put) const {
  if (put.linked) return put.sha256;  // there is one file, which two names lead to
  try {
    const auto there = to_.open(put.file.item);
    if (!there) return "none";
    if (context_.options.verification == Verification::all) return files::sha256_of(*there);
    return there->size() == put.size ? put.sha256 : "another size";
  } catch (const FileError& error) {
    return error.what();
  }
}

void FileCopying::compare(const Put& put, const std::string& found) {
  ++report_.verified;
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
