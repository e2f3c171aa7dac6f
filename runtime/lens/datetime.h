// Lens `datetime`: DATETIME `YYYY-MM-DD HH:MM:SS[.ffffff]` <-> date.
#pragma once

#include <array>

#include "runtime/lens/civil_time.h"
#include "runtime/lens/empty.h"
#include "runtime/lens/lens.h"

namespace twoway::lens {

/// Times go over in UTC, to the millisecond. The way back has a fraction (six digits, as SQLAlchemy writes it) only
/// where there is one. Shown otherwise: what is below the millisecond is cut off; all that is no time as empty.
struct Datetime {
  using Sql = sql::Datetime;
  using PocketBase = pocketbase::Date;
  static constexpr Fidelity fidelity = Fidelity::iso;

  template <class Scratch>
  static constexpr Value get(const Field&, const Value& s, Scratch& scratch) {
    const auto ms = civil_time::read(s);
    return ms ? civil_time::show(*ms, scratch) : Value::text("");
  }

  template <class Scratch>
  static constexpr Value put(const Field& field, const Value& p, Scratch& scratch) {
    const auto ms = civil_time::read(p);
    if (!ms || *ms < civil_time::earliest_ms || *ms > civil_time::latest_ms) return empty_text(field);
    const std::int64_t days = civil_time::floor_div<civil_time::ms_per_day>(*ms);
    const auto ms_of_day = static_cast<unsigned>(*ms - days * civil_time::ms_per_day);
    constexpr std::size_t bytes = 26;
    char* const out = scratch.allocate(bytes);
    char* end = civil_time::write_day(out, days);
    *end++ = ' ';
    end = civil_time::write_clock(end, ms_of_day / 1000);
    if (ms_of_day % 1000 != 0) {
      *end++ = '.';
      end = decimal::write_digits(end, ms_of_day % 1000 * 1000, 6);
    }
    return Value::text({out, static_cast<std::size_t>(end - out)});
  }

  static constexpr auto sql_witnesses(const Field& field) {
    return std::array{empty_text(field), Value::text("0001-01-01 00:00:01"), Value::text("1969-12-31 23:59:59"),
                      Value::text("2024-02-29 12:34:56.789000"), Value::text("9999-12-31 23:59:59")};
  }
  static constexpr auto pocketbase_witnesses(const Field&) {
    return std::array{Value::text(""), Value::text("0001-01-01 00:00:00.001Z"), Value::text("2024-02-29 12:34:56.000Z"),
                      Value::text("9999-12-31 23:59:59.999Z")};
  }
  static const LensFunctions functions;
};

}  // namespace twoway::lens
