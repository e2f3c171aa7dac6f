#include "runtime/cli/metrics.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "runtime/report/text.h"

namespace twoway::cli {
namespace {

constexpr std::chrono::seconds interval{1};

/// Seconds since 1970, as Prometheus has all times.
double now() {
  using seconds = std::chrono::duration<double>;
  return std::chrono::duration_cast<seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string label(std::string_view value) {
  std::string out;
  for (const char c : report::redacted(report::printable(value))) {
    if (c == '\\' || c == '"') out += '\\';
    out += c;
  }
  return out;
}

/// One metric: its head, then its samples.
class Family {
 public:
  Family(std::string& out, std::string_view name, std::string_view type, std::string_view help) : out_(out) {
    out_ += fmt::format("# HELP {0} {2}\n# TYPE {0} {1}\n", name, type, help);
    name_ = name;
  }
  template <class Number>
  void add(std::string_view labels, Number number) {
    out_ += fmt::format("{}{}{}{} {}\n", name_, labels.empty() ? "" : "{", labels, labels.empty() ? "" : "}", number);
  }
  void add_time(double seconds) { out_ += fmt::format("{} {:.3f}\n", name_, seconds); }

 private:
  std::string& out_;
  std::string_view name_;
};

}  // namespace

Metrics::Metrics(MetricsOptions options) : options_(std::move(options)), started_(now()) {
  if (const int error = write(); error != 0) {
    throw cannot_start(
        fmt::format("cannot write the metrics to {}: {}", report::printable(options_.file), std::strerror(error)),
        "name a file in a directory that exists and may be written to");
  }
  thread_ = std::thread([this] { work(); });
}

Metrics::~Metrics() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Metrics::work() {
  bool warned = false;
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, interval, [this] { return stop_; })) {
    const int error = write();
    if (error == 0 || warned) continue;
    warned = true;
    options_.warning(fmt::format("cannot write the metrics to {}: {}", options_.file, std::strerror(error)));
  }
  write();
}

void Metrics::phase(std::string_view name) {
  const std::lock_guard lock(mutex_);
  phase_ = name;
}

void Metrics::take(Counts& counts, const EntityReport& report) {
  counts.read = report.read;
  counts.verified = report.verified;
  counts.bytes = report.bytes;
  counts.inserted = report.inserted;
  counts.updated = report.updated;
  counts.unchanged = report.unchanged;
  counts.rejected = report.rejected;
  counts.deleted = report.deleted;
  counts.skipped = report.skipped;
}

void Metrics::update(const Progress& progress) {
  const std::lock_guard lock(mutex_);
  auto found = entities_.find(progress.entity);
  if (found == entities_.end()) found = entities_.emplace(progress.entity, Counts()).first;
  Counts& counts = found->second;
  if (progress.report != nullptr && progress.entity_index < progress.report->entities.size()) {
    take(counts, progress.report->entities[progress.entity_index]);
    differences_ = progress.report->differences.size();
  }
  if (progress.phase == Progress::Phase::verify) return;
  counts.expected = progress.rows_total;
  if (progress.rows_committed == rows_committed_ && progress.entity == committed_of_) return;
  rows_committed_ = progress.rows_committed;
  committed_of_ = progress.entity;
  if (rows_committed_ > 0) last_batch_ = now();
}

void Metrics::finish(const RunReport* report, ExitStatus status) {
  const std::lock_guard lock(mutex_);
  phase_ = "done";
  finished_ = now();
  status_ = static_cast<int>(status);
  if (report == nullptr) return;
  std::map<std::string, Counts, std::less<>> counted;
  for (const EntityReport& entity : report->entities) {
    Counts& counts = counted[entity.attic ? "attic/" + entity.name : entity.name];
    const auto before = entities_.find(entity.name);
    if (before != entities_.end() && !entity.attic) counts.expected = before->second.expected;
    take(counts, entity);
  }
  entities_ = std::move(counted);
  differences_ = report->differences.size();
}

std::string Metrics::text() const {
  std::string out;
  Family(out, "twoway_run_info", "gauge", "What runs; always 1.")
      .add(fmt::format("verb=\"{}\",mapping=\"{}\",version=\"{}\"", label(options_.verb), label(options_.mapping),
                       label(options_.version)),
           1);
  Family(out, "twoway_run_started_timestamp_seconds", "gauge", "When the run began.").add_time(started_);
  Family phases(out, "twoway_phase", "gauge", "1 for what the run is doing.");
  for (const std::string_view phase :
       {"start", "preflight", "backup", "migrate", "finish", "files", "verify", "done"}) {
    phases.add(fmt::format("phase=\"{}\"", phase), phase == phase_ ? 1 : 0);
  }
  const auto per_entity = [&](std::string_view name, std::string_view type, std::string_view help,
                              std::uint64_t Counts::* count) {
    Family family(out, name, type, help);
    for (const auto& [entity, counts] : entities_) {
      family.add(fmt::format("entity=\"{}\"", label(entity)), counts.*count);
    }
  };
  per_entity("twoway_rows_expected", "gauge", "Rows that the source has.", &Counts::expected);
  per_entity("twoway_rows_read_total", "counter", "Rows read.", &Counts::read);
  per_entity("twoway_bytes_total", "counter", "Bytes read.", &Counts::bytes);
  constexpr std::array<std::pair<std::string_view, std::uint64_t Counts::*>, 6> results{
      {{"inserted", &Counts::inserted},
       {"updated", &Counts::updated},
       {"unchanged", &Counts::unchanged},
       {"rejected", &Counts::rejected},
       {"deleted", &Counts::deleted},
       {"skipped", &Counts::skipped}}};
  std::uint64_t rejected = 0;
  Family rows(out, "twoway_rows_total", "counter", "What became of the rows in the target.");
  for (const auto& [entity, counts] : entities_) {
    for (const auto& [result, count] : results) {
      rows.add(fmt::format("entity=\"{}\",result=\"{}\"", label(entity), result), counts.*count);
    }
    rejected += counts.rejected;
  }
  per_entity("twoway_rows_verified_total", "counter", "Rows compared.", &Counts::verified);
  Family(out, "twoway_rejected_total", "counter", "Rows that the target refused.").add({}, rejected);
  Family(out, "twoway_differences_total", "counter", "Differences that verification found, at most 1000.")
      .add({}, differences_);
  if (last_batch_) {
    Family(out, "twoway_last_batch_timestamp_seconds", "gauge", "When the target committed last.")
        .add_time(*last_batch_);
  }
  if (finished_) {
    Family(out, "twoway_run_finished_timestamp_seconds", "gauge", "When the run ended.").add_time(*finished_);
    Family(out, "twoway_exit_status", "gauge", "The run's exit status.").add({}, *status_);
  }
  return out;
}

int Metrics::write() const {
  const std::string content = text();
  const std::string beside = options_.file + ".new";
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return errno;
  std::string_view rest = content;
  int error = 0;
  while (!rest.empty() && error == 0) {
    const ssize_t written = ::write(file, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      error = errno;
    }
  }
  ::close(file);
  // Not flushed to the disk: after a power failure nobody asks how far the run was by this file.
  if (error == 0 && ::rename(beside.c_str(), options_.file.c_str()) != 0) error = errno;
  if (error != 0) ::unlink(beside.c_str());
  return error;
}

}  // namespace twoway::cli
