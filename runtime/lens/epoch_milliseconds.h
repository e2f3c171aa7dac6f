// Lens `epoch_milliseconds`: BIGINT, milliseconds since 1970 <-> date.
#pragma once

#include <array>

#include "runtime/lens/civil_time.h"
#include "runtime/lens/empty.h"
#include "runtime/lens/lens.h"

namespace twoway::lens {

/// Milliseconds of the years 0001 to 9999 go over; all else is shown as empty.
struct EpochMilliseconds {
  using Sql = sql::Integer;
  using PocketBase = pocketbase::Date;
  static constexpr Fidelity fidelity = Fidelity::iso;

  template <class Scratch>
  static constexpr Value get(const Field&, const Value& s, Scratch& scratch) {
    return s.is_integer() ? civil_time::show(s.as_integer(), scratch) : Value::text("");
  }

  template <class Scratch>
  static constexpr Value put(const Field& field, const Value& p, Scratch&) {
    const auto ms = civil_time::read(p);
    return ms ? Value::integer(*ms) : empty_integer(field);
  }

  static constexpr auto sql_witnesses(const Field& field) {
    return std::array{empty_integer(field),
                      Value::integer(0),
                      Value::integer(-1),
                      Value::integer(1763697783123),
                      Value::integer(civil_time::earliest_ms),
                      Value::integer(civil_time::latest_ms)};
  }
  static constexpr auto pocketbase_witnesses(const Field& field) {
    return std::array{Value::text(field.empty == Empty::null ? "" : "1970-01-01 00:00:00.000Z"),
                      Value::text("0001-01-01 00:00:00.001Z"), Value::text("1969-12-31 23:59:59.999Z"),
                      Value::text("2024-02-29 12:34:56.789Z"), Value::text("9999-12-31 23:59:59.999Z")};
  }
  static const LensFunctions functions;
};

}  // namespace twoway::lens
