#include <algorithm>

#include <fmt/format.h>

#include "runtime/migrate/digest.h"
#include "runtime/migrate/run_context.h"
#include "runtime/transform/residue.h"

namespace twoway {

namespace {

bool is_shape(const AtticEntry& entry) {
  return entry.what == AtticEntry::What::table || entry.what == AtticEntry::What::column;
}

/// The report of an unknown table, made when its first entry comes.
EntityReport& report_of(RunContext& context, const std::string& table) {
  for (EntityReport& report : context.report.entities) {
    if (report.attic && report.table == table) return report;
  }
  EntityReport& report = context.report.entities.emplace_back();
  report.attic = true;
  report.name = report.table = table;
  report.collection = "twoway_attic";
  return report;
}

/// Entries that a store wrote later than they were handed over are counted together: which table each belongs to is
/// told by its name only.
void settle_attic(RunContext& context, const Settlement& settlement) {
  if (settlement.inserted + settlement.updated + settlement.unchanged + settlement.rejected.size() == 0) return;
  for (EntityReport& report : context.report.entities) {
    if (!report.attic) continue;
    context.settle(report, settlement);
    return;
  }
  EntityReport& report = context.report.entities.emplace_back();
  report.attic = true;
  report.name = "attic";
  report.collection = "twoway_attic";
  context.settle(report, settlement);
}

void note(RunContext& context, const AtticEntry& entry) {
  if (entry.what == AtticEntry::What::table) {
    context.report.notes.push_back({Note::What::unknown_table, fmt::format("table {}", entry.table), 0,
                                    "the mapping does not name it; its definition and rows are carried in the attic",
                                    {}});
  } else if (entry.what == AtticEntry::What::column) {
    context.report.notes.push_back({Note::What::unknown_column, fmt::format("column {}.{}", entry.table, entry.name), 0,
                                    "the mapping does not name it; its values are carried in the residue", {}});
  }
}

}  // namespace

void carry_attic(RunContext& context, AtticPart part) {
  const bool to_pocketbase = context.report.direction == Direction::to_pocketbase;
  Transactions* target = context.writes() ? context.target : nullptr;
  if (target != nullptr) target->begin();
  const auto take = [&](const AtticEntry& entry) {
    const bool shape = is_shape(entry);
    if (part != AtticPart::all && shape != (part == AtticPart::shapes)) return;
    note(context, entry);
    // A mapped entity's own rows in the attic (duplicates, joined orphans) are counted under their table's name too.
    EntityReport& report = report_of(context, entry.table);
    if (entry.what == AtticEntry::What::row) {
      ++report.read;
      const Digest digest = values_digest(entry.values);
      add_row(report, digest.low, digest);
      for (const auto& [name, tagged] : entry.values) report.bytes += tagged.size();
    }
    if (target == nullptr) return;
    const Outcome outcome =
        to_pocketbase ? context.stores.pocketbase->write_attic(entry) : context.stores.sql->write_attic(entry);
    if (entry.what == AtticEntry::What::row || outcome.what == Written::rejected) RunContext::count(report, outcome);
    if (outcome.what == Written::rejected) context.reject(report, entry.name, outcome);
  };
  if (to_pocketbase) {
    context.stores.sql->read_attic(take);
  } else {
    context.stores.pocketbase->read_attic(take);
  }
  for (const auto& [table, rows] : context.duplicates) add_rows(report_of(context, table), rows);
  if (target == nullptr) return;
  settle_attic(context, target->settle_attic(true));
  target->commit();
}

}  // namespace twoway
