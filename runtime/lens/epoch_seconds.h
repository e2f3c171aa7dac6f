// Lens `epoch_seconds`: BIGINT, seconds since 1970 <-> date.
#pragma once

#include <array>

#include "runtime/lens/civil_time.h"
#include "runtime/lens/empty.h"
#include "runtime/lens/lens.h"

namespace twoway::lens {

/// Seconds of the years 0001 to 9999 go over. Shown otherwise: a count that must be milliseconds as its second; all
/// else as empty.
struct EpochSeconds {
  using Sql = sql::Integer;
  using PocketBase = pocketbase::Date;
  static constexpr Fidelity fidelity = Fidelity::iso;
  /// Counts beyond the year 9999, or of the year -1199 and before, are no seconds, so they are milliseconds.
  static constexpr std::int64_t latest = civil_time::latest_ms / 1000;
  static constexpr std::int64_t earliest = -civil_time::floor_div<1000>(-civil_time::earliest_ms);
  static constexpr std::int64_t earliest_plausible = -100'000'000'000;

  template <class Scratch>
  static constexpr Value get(const Field&, const Value& s, Scratch& scratch) {
    if (!s.is_integer()) return Value::text("");
    const std::int64_t v = s.as_integer();
    if (v >= earliest && v <= latest) return civil_time::show(v * 1000, scratch);
    const bool milliseconds =
        (v > latest && v <= civil_time::latest_ms) || (v < earliest_plausible && v >= civil_time::earliest_ms);
    return milliseconds ? civil_time::show(civil_time::floor_div<1000>(v) * 1000, scratch) : Value::text("");
  }

  template <class Scratch>
  static constexpr Value put(const Field& field, const Value& p, Scratch&) {
    const auto ms = civil_time::read(p);
    return ms ? Value::integer(civil_time::floor_div<1000>(*ms)) : empty_integer(field);
  }

  static constexpr auto sql_witnesses(const Field& field) {
    return std::array{empty_integer(field),       Value::integer(0),        Value::integer(1),
                      Value::integer(-1),         Value::integer(earliest), Value::integer(latest),
                      Value::integer(1700000000), Value::integer(951782400)};
  }
  static constexpr auto pocketbase_witnesses(const Field& field) {
    return std::array{Value::text(field.empty == Empty::null ? "" : "1970-01-01 00:00:00.000Z"),
                      Value::text("0001-01-01 00:00:01.000Z"), Value::text("1969-12-31 23:59:59.000Z"),
                      Value::text("2024-02-29 12:34:56.000Z"), Value::text("9999-12-31 23:59:59.000Z")};
  }
  static const LensFunctions functions;
};

}  // namespace twoway::lens
