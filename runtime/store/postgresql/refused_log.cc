#include "runtime/store/postgresql/refused_log.h"

namespace twoway::postgresql {

void RefusedLog::add(std::string_view table, std::string_view column, std::string_view reason, std::string_view key) {
  const std::lock_guard lock(mutex_);
  Refused& refused = refused_[{std::string(table), std::string(column), std::string(reason)}];
  if (refused.count == 0) {
    refused.table = table;
    refused.column = column;
    refused.reason = reason;
  }
  ++refused.count;
  if (refused.examples.size() < most_examples) refused.examples.emplace_back(key);
}

std::vector<Refused> RefusedLog::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<Refused> out;
  for (const auto& [name, refused] : refused_) out.push_back(refused);
  return out;
}

}  // namespace twoway::postgresql
