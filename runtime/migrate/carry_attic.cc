#include <fmt/format.h>

#include <algorithm>

#include "runtime/migrate/digest.h"
#include "runtime/migrate/run_context.h"
#include "runtime/migrate/shown_row.h"
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
EntityReport& report_of_all(RunContext& context) {
  for (EntityReport& report : context.report.entities) {
    if (report.attic) return report;
  }
  EntityReport& report = context.report.entities.emplace_back();
  report.attic = true;
  report.name = "attic";
  report.collection = "twoway_attic";
  return report;
}

void settle_attic(RunContext& context, const Settlement& settlement) {
  if (settlement.inserted + settlement.updated + settlement.unchanged + settlement.rejected.size() == 0) return;
  EntityReport& report = report_of_all(context);
  RunContext::count(report, settlement);
  const bool to_pocketbase = context.report.direction == Direction::to_pocketbase;
  std::map<std::string, std::string> rows;
  if (to_pocketbase && !settlement.rejected.empty()) {
    for (const Rejection& rejection : settlement.rejected) rows[rejection.key];
    context.stores.sql->read_attic([&](const AtticEntry& entry) {
      const auto found = rows.find(context.stores.pocketbase->attic_id(entry));
      if (found != rows.end()) found->second = shown_entry(context.mapping, entry);
    });
  }
  for (const Rejection& rejection : settlement.rejected) {
    context.reject(report, rejection.key, {Written::rejected, rejection.column, rejection.reason}, rows[rejection.key]);
  }
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
    if (outcome.what != Written::rejected) return;
    context.reject(report, entry.name, outcome, shown_entry(context.mapping, entry));
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
  if (context.rejected_file != nullptr) context.rejected_file->sync();
  context.stop_at_most_rejected();
}

}  // namespace twoway
