#include "runtime/store/tables.h"

namespace twoway {

void RefusedCounts::add(std::string_view table, std::string_view column, std::string_view reason,
                        std::string_view key) {
  for (Refused& refused : counts_) {
    if (refused.table != table || refused.column != column || refused.reason != reason) continue;
    ++refused.count;
    if (refused.examples.size() < kept_examples) refused.examples.emplace_back(key);
    return;
  }
  counts_.push_back({std::string(table), std::string(column), std::string(reason), 1, {std::string(key)}});
}

}  // namespace twoway
