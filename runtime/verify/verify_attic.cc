// The attic against the SQL side: the same rows, table by table, by digest.
#include <map>

#include <fmt/format.h>

#include "runtime/migrate/digest.h"
#include "runtime/migrate/run_context.h"

namespace twoway {

namespace {

struct Sum {
  std::uint64_t rows = 0;
  Digest digest;
};

using Sums = std::map<std::string, Sum>;

void add_row(Sums& sums, const AtticEntry& entry) {
  if (entry.what != AtticEntry::What::row) return;
  Sum& sum = sums[entry.table];
  ++sum.rows;
  add(sum.digest, values_digest(entry.values));
}

/// Rows that went to the attic because their key was there before are no unknown table's.
bool is_mapped(const Mapping& mapping, std::string_view table) {
  for (const Entity* entity : mapping.entities) {
    if (entity->table == table) return true;
  }
  return false;
}

}  // namespace

void verify_attic(RunContext& context) {
  Sums kept, live;
  context.stores.pocketbase->read_attic([&](const AtticEntry& entry) { add_row(kept, entry); });
  context.stores.sql->read_attic([&](const AtticEntry& entry) { add_row(live, entry); });
  for (const auto& [table, sum] : kept) live.try_emplace(table);
  for (const auto& [table, found] : live) {
    const Sum& sum = kept[table];
    EntityReport* report = nullptr;
    for (EntityReport& candidate : context.report.entities) {
      if (candidate.attic && candidate.table == table) report = &candidate;
    }
    if (report == nullptr) {
      report = &context.report.entities.emplace_back();
      report->attic = true;
      report->name = report->table = table;
      report->collection = "twoway_attic";
    }
    report->verified = sum.rows;
    report->digest = sum.digest;
    if (is_mapped(context.mapping, table)) continue;  // compared as rows of their entity
    if (sum.rows == found.rows && sum.digest == found.digest) continue;
    const bool to_pocketbase = context.report.direction == Direction::to_pocketbase;
    // The SQL side may hold unknown tables of its own that the attic never saw.
    if (!to_pocketbase && sum.rows == 0) continue;
    ++report->different;
    context.report.differences.push_back({table,
                                          {},
                                          {},
                                          fmt::format("{} rows (digest {})", sum.rows, sum.digest.text()),
                                          fmt::format("{} rows (digest {})", found.rows, found.digest.text()),
                                          {}});
  }
}

}  // namespace twoway
