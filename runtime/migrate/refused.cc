#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "runtime/migrate/run_context.h"

namespace twoway {

Outcome refused_in_rehearsal(const ConstraintRehearsal::Refusal& refusal) {
  const std::string like = refusal.like.empty() ? std::string() : fmt::format(" (it is taken by {})", refusal.like);
  return {Written::rejected, {}, refusal.reason + like};
}

void settle_waiting(RunContext& context, const Tables& tables) {
  for (EntityReport& report : context.report.entities) {
    const std::uint64_t again = report.attic ? 0 : std::min(report.inserted, tables.waits_again(report.table));
    report.inserted -= again;
    report.unchanged += again;
  }
}

void note_refused(RunContext& context, const std::vector<Refused>& all) {
  for (const Refused& refused : all) {
    const std::string subject =
        refused.column.empty() ? refused.table : fmt::format("{}.{}", refused.table, refused.column);
    context.report.notes.push_back(
        {Note::What::refused, subject, refused.count,
         fmt::format("{}; kept in the side table, comes back on the way back ({}{})", refused.reason,
                     fmt::join(refused.examples, ", "), refused.count > refused.examples.size() ? ", ..." : ""),
         {}});
    for (EntityReport& report : context.report.entities) {
      if (report.table == refused.table) report.with_side += refused.count;
    }
  }
}

}  // namespace twoway
