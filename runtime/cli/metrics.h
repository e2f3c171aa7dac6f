// How far a run is, in Prometheus' text format, in a file that is written anew every second: for node_exporter's
// textfile collector or whatever else reads it. docs/operations.md lists the metrics.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "runtime/migrate/migration.h"

namespace twoway::cli {

/// What the metrics say of the program and the run.
struct MetricsOptions {
  std::string file;
  std::string verb;
  std::string mapping;
  std::string version;
  std::function<void(std::string_view)> warning;  ///< told once when the file cannot be written any more
};

/// Safe to use from several threads.
class Metrics {
 public:
  /// Writes the file for the first time. Throws Error(cannot_start) where that is not possible.
  explicit Metrics(MetricsOptions options);
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  void phase(std::string_view name);
  void update(const Progress& progress);
  /// The run has ended. `report` is null where it came to none.
  void finish(const RunReport* report, ExitStatus status);

 private:
  struct Counts {
    std::uint64_t expected = 0;
    std::uint64_t read = 0, verified = 0, bytes = 0;
    std::uint64_t inserted = 0, updated = 0, unchanged = 0, rejected = 0, deleted = 0, skipped = 0;
  };

  void work();
  std::string text() const;
  /// Returns an errno, 0 where all went well.
  int write() const;
  static void take(Counts& counts, const EntityReport& report);

  MetricsOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stop_ = false;
  std::string phase_ = "start";
  std::map<std::string, Counts, std::less<>> entities_;
  std::uint64_t differences_ = 0;
  std::uint64_t rows_committed_ = 0;
  std::string committed_of_;
  double started_ = 0;
  std::optional<double> last_batch_, finished_;
  std::optional<int> status_;
  std::thread thread_;
};

}  // namespace twoway::cli
