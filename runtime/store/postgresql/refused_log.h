// What a database refused, for the plan and the receipt.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "runtime/store/tables.h"

namespace twoway::postgresql {

/// Counts by table, column and reason. Thread-safe.
class RefusedLog {
 public:
  static constexpr std::size_t most_examples = 5;

  /// `column` is empty for whole rows.
  void add(std::string_view table, std::string_view column, std::string_view reason, std::string_view key);
  std::vector<Refused> all() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::tuple<std::string, std::string, std::string>, Refused> refused_;
};

}  // namespace twoway::postgresql
