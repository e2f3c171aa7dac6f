// How long a migration will take, from what its plan measured.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "runtime/migrate/migration.h"

namespace twoway::report {

/// A plan reads and converts every row, which says how fast this machine and this source are. What comes on top of that
/// is a multiple of it, measured by ./dev bench for each kind of target (docs/runbooks).
struct Estimate {
  std::chrono::nanoseconds reading{0};   ///< that the plan took to read and convert the rows
  double carrying_factor = 0;            ///< how many times as long carrying them takes
  double comparing_factor = 0;           ///< and comparing them afterwards
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;

  std::chrono::nanoseconds carrying() const;
  std::chrono::nanoseconds comparing() const;
};

/// nullopt for copies between two stores of one kind, and where there is nothing to carry.
std::optional<Estimate> estimate(const RunReport& plan);

/// `estimate: about 6.5 s to carry 63,203 rows...`, in two lines with a line feed each.
std::string estimate_text(const Estimate& estimate);

}  // namespace twoway::report
