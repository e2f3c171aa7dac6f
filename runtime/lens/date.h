// Lens `date`: DATE `YYYY-MM-DD` <-> date.
#pragma once

#include <array>

#include "runtime/lens/civil_time.h"
#include "runtime/lens/empty.h"
#include "runtime/lens/lens.h"

namespace twoway::lens {

/// Days go over as their midnight (UTC). Shown otherwise: a text with a time as its day; all that is no date, and the
/// day 0001-01-01, which is PocketBase's empty date, as empty.
struct Date {
  using Sql = sql::Date;
  using PocketBase = pocketbase::Date;
  static constexpr Fidelity fidelity = Fidelity::iso;

  template <class Scratch>
  static constexpr Value get(const Field&, const Value& s, Scratch& scratch) {
    const auto ms = civil_time::read(s);
    if (!ms) return Value::text("");
    return civil_time::show(civil_time::floor_div<civil_time::ms_per_day>(*ms) * civil_time::ms_per_day, scratch);
  }

  template <class Scratch>
  static constexpr Value put(const Field& field, const Value& p, Scratch& scratch) {
    const auto ms = civil_time::read(p);
    if (!ms || *ms < civil_time::earliest_ms || *ms > civil_time::latest_ms) return empty_text(field);
    constexpr std::size_t bytes = 10;
    char* const out = scratch.allocate(bytes);
    civil_time::write_day(out, civil_time::floor_div<civil_time::ms_per_day>(*ms));
    return Value::text({out, bytes});
  }

  static constexpr auto sql_witnesses(const Field& field) {
    return std::array{empty_text(field), Value::text("0001-01-02"), Value::text("1969-12-31"),
                      Value::text("2024-02-29"), Value::text("9999-12-31")};
  }
  static constexpr auto pocketbase_witnesses(const Field&) {
    return std::array{Value::text(""), Value::text("0001-01-02 00:00:00.000Z"), Value::text("2024-02-29 00:00:00.000Z"),
                      Value::text("9999-12-31 00:00:00.000Z")};
  }
  static const LensFunctions functions;
};

}  // namespace twoway::lens
