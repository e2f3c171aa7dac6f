// PostgreSQL's dates and timestamps <-> their text.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "runtime/transform/arena.h"

namespace twoway::postgresql::calendar {

// `YYYY-MM-DD` and `YYYY-MM-DD HH:MM:SS.ffffff`; years after 9999 have more digits, years before 1 end with ` BC`; and
// `infinity`, `-infinity`.

/// A date is days, a timestamp microseconds, since 2000-01-01.
std::string_view date_text(std::int32_t days, Arena& arena);
std::string_view timestamp_text(std::int64_t microseconds, Arena& arena);

/// Reads what date_text writes, and also a timestamp's text at midnight. nullopt: no date that PostgreSQL holds.
std::optional<std::int32_t> read_date(std::string_view text);
/// Reads what timestamp_text writes, and also a `T` in the middle, fewer digits of a second, and a date alone.
std::optional<std::int64_t> read_timestamp(std::string_view text);

/// The timestamp as timestamp(n) keeps it.
std::int64_t rounded(std::int64_t microseconds, std::int32_t digits);

}  // namespace twoway::postgresql::calendar
