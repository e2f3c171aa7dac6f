// The attic against the SQL side: the same rows, table by table, by digest.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "runtime/migrate/digest.h"
#include "runtime/migrate/run_context.h"
#include "runtime/store/attic_entries.h"
#include "runtime/store/entity_columns.h"
#include "runtime/transform/residue.h"

namespace twoway {

namespace {

struct Sum {
  std::uint64_t rows = 0;
  std::uint64_t apart = 0;    ///< rows of a mapped table: duplicates are verified with their entity, others one by one
  bool placed = true;         ///< all rows say where they lie in a SQLite table
  Digest digest;              ///< of the rows without those
  Digest digest_with_places;
  RowSums all;
};

using Sums = std::map<std::string, Sum>;

void add_row(Sums& sums, const AtticEntry& entry, bool apart) {
  if (entry.what != AtticEntry::What::row) return;
  Sum& sum = sums[entry.table];
  const Digest digest = values_digest(entry.values);
  sum.all.add(digest.low, digest);
  if (apart) {
    ++sum.apart;
    return;
  }
  ++sum.rows;
  add(sum.digest, digest);
  add(sum.digest_with_places, values_digest(entry.values, true));
  const auto is_place = [](const auto& value) { return value.first == attic_entry::rowid_name; };
  sum.placed = sum.placed && std::any_of(entry.values.begin(), entry.values.end(), is_place);
}

bool agree(const Sum& a, const Sum& b) {
  if (a.rows != b.rows || a.digest != b.digest) return false;
  return !a.placed || !b.placed || a.digest_with_places == b.digest_with_places;
}

/// The rows that are looked for one by one, because they may stand in their table or wait beside it: those of mapped
/// tables, on their way into SQL.
class OneByOne {
 public:
  explicit OneByOne(RunContext& context) : tables_(context.stores.sql->tables()) {
    if (context.report.direction == Direction::to_pocketbase) return;
    for (TableShape& shape : tables_.shapes()) {
      if (is_named(context.mapping, shape.name) && !shape.key.empty()) shapes_.push_back(std::move(shape));
    }
  }

  const TableShape* find(const AtticEntry& entry) const {
    const auto found = std::find_if(shapes_.begin(), shapes_.end(),
                                    [&](const TableShape& shape) { return shape.name == entry.table; });
    return found == shapes_.end() ? nullptr : &*found;
  }

  /// True where the row, or a row that waits, is what the entry says.
  bool arrived(const TableShape& shape, const AtticEntry& entry) const {
    Arena arena;
    std::vector<Value> wanted(shape.columns.size()), key, found;
    std::vector<std::size_t> told;
    for (const auto& [name, tagged] : entry.values) {
      const std::size_t column = shape.index_of(name);
      if (name == attic_entry::rowid_name) continue;
      if (column == shape.columns.size()) return false;
      wanted[column] = read_tagged(tagged, arena).value_or(Value::null());
      told.push_back(column);
    }
    for (const std::size_t index : shape.key) key.push_back(wanted[index]);
    return tables_.find(shape, key, found) &&
           std::all_of(told.begin(), told.end(), [&](std::size_t i) { return same(wanted[i], found[i]); });
  }

 private:
  Tables& tables_;
  std::vector<TableShape> shapes_;
};

void add_rows(RunContext& context, Sums& kept, Sums& live) {
  const OneByOne singles(context);
  const auto is_duplicate = [](const AtticEntry& entry) { return entry.name.starts_with(AtticEntry::duplicate); };
  context.stores.pocketbase->read_attic([&](const AtticEntry& entry) {
    const TableShape* shape = entry.what == AtticEntry::What::row ? singles.find(entry) : nullptr;
    add_row(kept, entry, shape != nullptr || is_duplicate(entry));
    if (shape == nullptr || is_duplicate(entry) || singles.arrived(*shape, entry)) return;
    context.differ({entry.table, entry.name, {}, "a row, or one that waits beside its table", "none, or another", {}});
  });
  context.stores.sql->read_attic([&](const AtticEntry& entry) {
    add_row(live, entry, singles.find(entry) != nullptr || is_duplicate(entry));
  });
}

}  // namespace

void verify_attic(RunContext& context) {
  Sums kept, live;
  add_rows(context, kept, live);
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
    report->verified = sum.rows + sum.apart;
    if (report->read == 0) set_rows(*report, sum.all);
    if (agree(sum, found)) continue;
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
