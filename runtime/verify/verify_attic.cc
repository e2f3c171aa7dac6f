// The attic against the SQL side: the same rows, table by table, by digest.
#include <map>

#include <fmt/format.h>

#include "runtime/migrate/digest.h"
#include "runtime/migrate/run_context.h"

namespace twoway {

namespace {

struct Sum {
  std::uint64_t rows = 0;
  std::uint64_t duplicates = 0;  ///< rows of a mapped table whose key another row has; verified with their entity
  Digest digest;                 ///< of the rows without the duplicates
  Digest all;
};

using Sums = std::map<std::string, Sum>;

void add_row(Sums& sums, const AtticEntry& entry) {
  if (entry.what != AtticEntry::What::row) return;
  Sum& sum = sums[entry.table];
  const Digest digest = values_digest(entry.values);
  add(sum.all, digest);
  if (entry.name.starts_with(AtticEntry::duplicate)) {
    ++sum.duplicates;
    return;
  }
  ++sum.rows;
  add(sum.digest, digest);
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
    report->verified = sum.rows + sum.duplicates;
    report->digest = sum.all;
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
