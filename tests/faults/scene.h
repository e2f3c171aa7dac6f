// One small migration that is disturbed again and again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/faults/preload/record.h"
#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {

/// What goes where.
struct Move {
  std::string name;               ///< for people: `sqlite -> pb_data`
  std::filesystem::path program;  ///< with the command line of a mapping
  std::filesystem::path from;     ///< is only read
  std::string to;                 ///< the target's name: `copy.db`, `pb_data`, or a URL
  /// What the target holds before the run: a file, a data directory; empty: the run makes it.
  std::filesystem::path before;
  std::vector<std::string> arguments;  ///< further ones
  /// Makes the target as it was before the run, where it is no file; may be empty.
  std::function<void()> renew = {};
};

/// Runs a move in a directory of its own, undisturbed once, then as often as it is asked to with one fault each.
class Scene {
 public:
  /// Runs undisturbed; throws where that does not end as it should.
  explicit Scene(Move move);
  ~Scene();
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;

  const Move& move() const { return move_; }
  /// The write-class calls of the undisturbed run, and how often it allocated and looked at the clock.
  const std::vector<faults::Call>& calls() const { return calls_; }
  std::uint64_t allocations() const { return allocations_; }
  std::uint64_t clock_readings() const { return clock_readings_; }
  double seconds() const { return seconds_; }

  /// Where the run reads its source from; another copy of it may be put there before a run.
  std::filesystem::path target() const;
  std::filesystem::path state() const { return work() / "state"; }
  std::filesystem::path work() const { return directory_ / "work"; }
  std::vector<std::string> command() const;

  /// Puts back what was before the first run.
  void renew();
  /// Runs with a fault: `KIND:NUMBER`, or none.
  ProcessResult run(const std::string& fault = {});
  /// The environment of a run with a fault, for a test that starts it itself. What was counted before is forgotten.
  ProcessOptions disturbed(const std::string& fault);
  /// How often the fault of the last run took place.
  std::uint64_t hits() const { return record_->hits.load(); }
  /// Whether the fault of the last run that had one took place.
  bool fault_hit() const { return fault_hit_; }
  const faults::Record& record() const { return *record_; }

  /// After a run that ended early: the source is as it was; and so is the target, or what it held is in a backup.
  /// Returns what is not so, for people; empty: all is well.
  std::string broken_promise(const ProcessResult& result);
  /// The same command again, undisturbed. It has to end as the first undisturbed run did, with the same target to the
  /// value, nothing beside it and nothing in it twice. Returns what is not so.
  std::string finish();
  /// Whether a run ended like that; returns what is not so.
  std::string judge(const ProcessResult& result);

 private:
  bool holds_rows() const;
  std::string compare_with_undisturbed(const ProcessResult& result);
  std::string compare_targets();
  std::vector<std::string> leftovers() const;

  Move move_;
  TemporaryDirectory directory_;
  faults::Record* record_ = nullptr;
  bool fault_hit_ = false;
  std::string source_before_;
  std::vector<faults::Call> calls_;
  std::uint64_t allocations_ = 0;
  std::uint64_t clock_readings_ = 0;
  double seconds_ = 0;
  std::string digest_;
  std::uint64_t rows_ = 0;
  std::vector<std::string> undisturbed_leftovers_;
};

/// The database file of a store: itself, or `data.db` of a data directory.
std::filesystem::path data_of(const std::filesystem::path& store);

/// True where every point is to be tried, however long it takes (`./dev test --soak`).
bool soak();

/// Counts points and what went wrong at them; the destructor fails the test where something did, prints the figures,
/// and keeps them for ./dev in build/reliability/.
class Tally {
 public:
  explicit Tally(std::string what) : what_(std::move(what)) {}
  ~Tally();
  Tally(const Tally&) = delete;
  Tally& operator=(const Tally&) = delete;

  /// A point that was tried; `problem` is empty where all was well.
  void point(const std::string& where, const std::string& problem);
  /// Printed with the figures.
  void remark(const std::string& text) { remark_ = ", " + text; }
  std::uint64_t points() const { return points_; }

 private:
  std::string what_;
  std::string remark_;
  std::uint64_t points_ = 0;
  std::uint64_t failures_ = 0;
};

}  // namespace twoway::test
