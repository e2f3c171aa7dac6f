// Lens `epoch_nanoseconds`: BIGINT, nanoseconds since 1970 <-> date.
#pragma once

#include <array>
#include <limits>

#include "runtime/lens/civil_time.h"
#include "runtime/lens/empty.h"
#include "runtime/lens/lens.h"

namespace twoway::lens {

/// PocketBase shows the millisecond; what is below it travels in the residue. Dates that no int64 of nanoseconds
/// reaches (before 1677, after 2262) come back as the first or the last one it does.
struct EpochNanoseconds {
  using Sql = sql::Integer;
  using PocketBase = pocketbase::Date;
  static constexpr Fidelity fidelity = Fidelity::residue;
  static constexpr std::int64_t per_ms = 1'000'000;

  template <class Scratch>
  static constexpr Value get(const Field&, const Value& s, Scratch& scratch) {
    if (!s.is_integer()) return Value::text("");
    return civil_time::show(civil_time::floor_div<per_ms>(s.as_integer()), scratch);
  }

  template <class Scratch>
  static constexpr Value put(const Field& field, const Value& p, Scratch&) {
    constexpr std::int64_t first = std::numeric_limits<std::int64_t>::min();
    constexpr std::int64_t last = std::numeric_limits<std::int64_t>::max();
    const auto ms = civil_time::read(p);
    if (!ms) return empty_integer(field);
    if (*ms > last / per_ms) return Value::integer(last);
    return Value::integer(*ms < first / per_ms ? first : *ms * per_ms);
  }

  static constexpr auto sql_witnesses(const Field& field) {
    return std::array{empty_integer(field),
                      Value::integer(0),
                      Value::integer(-1),
                      Value::integer(1763697783123456789),
                      Value::integer(1763697783123000000),
                      Value::integer(std::numeric_limits<std::int64_t>::max()),
                      Value::integer(std::numeric_limits<std::int64_t>::min())};
  }
  static constexpr auto pocketbase_witnesses(const Field& field) {
    return std::array{Value::text(field.empty == Empty::null ? "" : "1970-01-01 00:00:00.000Z"),
                      Value::text("1677-09-21 00:12:43.146Z"), Value::text("1969-12-31 23:59:59.999Z"),
                      Value::text("2024-02-29 12:34:56.789Z"), Value::text("2262-04-11 23:47:16.854Z")};
  }
  static const LensFunctions functions;
};

}  // namespace twoway::lens
