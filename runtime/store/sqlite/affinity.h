// What SQLite makes of a value when it is stored in a column: a column's affinity may change its storage class.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "runtime/model/entity.h"
#include "runtime/model/value.h"
#include "runtime/transform/arena.h"

namespace twoway::sqlite {

/// https://sqlite.org/datatype3.html, section 3.
enum class Affinity : std::uint8_t { blob, text, numeric, integer, real };

/// The affinity that a declared type gives.
Affinity affinity_of(std::string_view declared_type);

/// The type that other databases would use for a column that SQLite declares so.
SqlType type_of(std::string_view declared_type);

/// Answers by SQLite itself, in a database in memory, where numbers are written as text.
class AffinityRules {
 public:
  AffinityRules();
  ~AffinityRules();
  AffinityRules(const AffinityRules&) = delete;
  AffinityRules& operator=(const AffinityRules&) = delete;

  /// What a column of this affinity holds after `value` was stored in it. Text is in `arena`, or the value's own.
  Value shown(Affinity affinity, const Value& value, Arena& arena);

 private:
  Value ask(Affinity affinity, const Value& value, Arena& arena);

  struct Memory;
  std::unique_ptr<Memory> memory_;
};

}  // namespace twoway::sqlite
