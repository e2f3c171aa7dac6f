// Two SQL schemas of one dialect compared: the live one, and the one that the mapping would make.
#pragma once

#include "runtime/drift/drift.h"
#include "runtime/store/live_schema.h"

namespace twoway::drift {

/// The mapping's entity that has this table, of its own or joined; null: none.
const Entity* entity_of(const Mapping& mapping, std::string_view table);
/// Where the mapping maps a column: `file:line`; empty where nobody knows.
std::string position_of(const Mapping& mapping, std::string_view table, std::string_view column);

/// Fills differences, age and questions. What the runtime gets along with comes from age where the mapping knows of
/// revisions: at the same one the application takes such a store for up to date, at another one it is likely.
void compare_schemas(const Mapping& mapping, const LiveSchema& live, const LiveSchema& mapped, Report& report);

/// True where the two types hold the same values in the same way, whatever they are called.
bool is_same_family(std::string_view dialect, std::string_view a, std::string_view b);

/// Collects the findings of one table, and judges which of them come from age.
struct TableComparison {
  const LiveTable& live;
  const LiveTable& mapped;
  std::string_view dialect;
  bool knows_revisions;  ///< false: nothing can be put down to age
  bool same_revision;
  Report& report;

  void add(Finding finding, bool is_age) {
    finding.table = live.name;
    (is_age ? report.age : report.differences).push_back(std::move(finding));
  }
};

/// Primary key, unique constraints and indexes, by what they mean: names of constraints do not count.
void compare_indexes(TableComparison comparison);

}  // namespace twoway::drift
