#include "runtime/report/estimate.h"

#include <fmt/format.h>

#include <string>

#include "runtime/report/text.h"

namespace twoway::report {

namespace {

struct Factors {
  double carrying;
  double comparing;
};

/// Measured with ./dev bench, 150 MB. A plan for SQL also tries its constraints, so that its own time is more.
Factors factors_of(const RunReport& plan) {
  const bool remote = plan.to.find("://") != std::string::npos;
  if (plan.direction == Direction::to_pocketbase) return remote ? Factors{9, 4} : Factors{7, 3};
  return remote ? Factors{1.5, 0.5} : Factors{1.2, 0.4};
}

std::chrono::nanoseconds times(std::chrono::nanoseconds time, double factor) {
  return std::chrono::nanoseconds(static_cast<std::int64_t>(static_cast<double>(time.count()) * factor));
}

}  // namespace

std::chrono::nanoseconds Estimate::carrying() const { return times(reading, carrying_factor); }
std::chrono::nanoseconds Estimate::comparing() const { return times(reading, comparing_factor); }

std::optional<Estimate> estimate(const RunReport& plan) {
  if (plan.direction != Direction::to_pocketbase && plan.direction != Direction::to_sql) return std::nullopt;
  const Factors factors = factors_of(plan);
  Estimate result;
  result.carrying_factor = factors.carrying;
  result.comparing_factor = factors.comparing;
  for (const EntityReport& entity : plan.entities) {
    result.reading += entity.migrate_time;
    result.rows += entity.read;
    result.bytes += entity.bytes;
  }
  return result.rows == 0 ? std::nullopt : std::optional(result);
}

std::string estimate_text(const Estimate& estimate) {
  return fmt::format(
      "estimate: about {} to carry {} ({}) and {} to compare them\n"
      "  reading them took {} here; carrying takes {:g} times as long, comparing {:g} times (docs/runbooks)\n",
      duration(estimate.carrying()), counted(estimate.rows, "row", "rows"), size(estimate.bytes),
      duration(estimate.comparing()), duration(estimate.reading), estimate.carrying_factor,
      estimate.comparing_factor);
}

}  // namespace twoway::report
