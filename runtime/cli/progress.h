// How far a run is: a live bar on a terminal, a line now and then elsewhere.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/cli/screen.h"
#include "runtime/migrate/migration.h"

namespace twoway::cli {

struct ProgressOptions {
  bool live = false;   ///< draw a bar; else lines only
  bool utf8 = false;   ///< else ASCII
  bool writes = true;  ///< else rows are read, not migrated
  std::function<std::size_t()> width;                              ///< of the terminal
  std::function<std::chrono::steady_clock::time_point()> now;
  std::function<void(std::string_view)> line;                      ///< takes the lines where there is no bar
};

/// Draws at most ten times a second; without a bar, says something every ten seconds. Entities without rows leave no
/// line. Safe to use from several threads.
class ProgressDisplay {
 public:
  ProgressDisplay(Screen& screen, ProgressOptions options) : screen_(screen), options_(std::move(options)) {}

  void update(const Progress& progress);
  /// The run has ended; `complete` says that the last entity did, too.
  void finish(bool complete);

 private:
  using Time = std::chrono::steady_clock::time_point;
  /// The entity that is under way.
  struct Current {
    Progress::Phase phase;
    std::string entity;
    std::size_t index = 0;
    std::size_t entities = 0;
    std::uint64_t rows = 0;
    std::uint64_t rows_total = 0;
    std::uint64_t bytes = 0;
    std::uint64_t first_rows = 0;    ///< rows that were done when the run came here (a resumed one)
    std::uint64_t first_bytes = 0;
    Time started;                    ///< when the one before had its last row
    Time updated;                    ///< when this one had its latest
    Time shown;                      ///< when it was last drawn or told
  };

  void close(bool complete);
  void show(Time now);
  std::string_view doing() const;
  std::string_view done() const;
  std::string bar_line(Time now) const;
  std::string bar(double part, std::size_t cells) const;
  std::string figures(Time now) const;
  std::string time_left(Time now) const;
  double seconds(Time now) const;
  /// Characters that a line may have.
  std::size_t room() const;

  Screen& screen_;
  ProgressOptions options_;
  std::mutex mutex_;
  std::optional<Current> current_;
  std::optional<Time> last_end_;   ///< when the entity before had its last row
};

}  // namespace twoway::cli
