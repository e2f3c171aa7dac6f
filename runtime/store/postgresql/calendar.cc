#include "runtime/store/postgresql/calendar.h"

#include <array>
#include <limits>

#include "runtime/lens/civil_time.h"
#include "runtime/lens/decimal.h"

namespace twoway::postgresql::calendar {

namespace {

constexpr std::int64_t epoch_days = 10'957;  // of 2000-01-01, since 1970-01-01
constexpr std::int64_t microseconds_per_day = 86'400'000'000;
constexpr std::string_view infinity = "infinity", minus_infinity = "-infinity", before_christ = " BC";
// What PostgreSQL holds: from 4714-11-24 BC; dates to the year 5874897, timestamps to the end of the year 294276.
constexpr std::int64_t earliest_day = -2'451'545;
constexpr std::int64_t latest_date = 2'145'031'948;
constexpr std::int64_t latest_timestamp_day = 106'751'982;
constexpr std::size_t longest = 48;

/// Writes the day without ` BC`; tells whether it belongs to a year before 1.
char* write_day(char* out, std::int64_t days, bool& bc) {
  const civil_time::Day date = civil_time::civil_from_days(days + epoch_days);
  bc = date.year < 1;
  const auto year = static_cast<unsigned>(bc ? 1 - date.year : date.year);
  unsigned width = 4;
  for (unsigned least = 10'000; year >= least; least *= 10) ++width;
  out = decimal::write_digits(out, year, width);
  *out++ = '-';
  out = decimal::write_digits(out, date.month, 2);
  *out++ = '-';
  return decimal::write_digits(out, date.day, 2);
}

char* append(char* out, std::string_view text) {
  for (const char c : text) *out++ = c;
  return out;
}

/// Takes a day from the front of the text: days since 2000-01-01.
std::optional<std::int64_t> take_day(std::string_view& text, bool bc) {
  std::size_t digits = 0;
  std::int64_t year = 0;
  while (digits < text.size() && digits < 7 && text[digits] >= '0' && text[digits] <= '9') {
    year = year * 10 + (text[digits++] - '0');
  }
  if (digits < 4 || year == 0 || (digits > 4 && text[0] == '0')) return std::nullopt;
  civil_time::Reader rest(text.substr(digits));
  unsigned month = 0, day = 0;
  if (!rest.skip('-') || !rest.number(2, 1, 12, month) || !rest.skip('-') || !rest.number(2, 1, 31, day)) {
    return std::nullopt;
  }
  const int signed_year = static_cast<int>(bc ? 1 - year : year);
  if (day > civil_time::days_in_month(signed_year, month)) return std::nullopt;
  text.remove_prefix(digits + 6);
  return civil_time::days_from_civil({signed_year, month, day}) - epoch_days;
}

/// Takes `HH:MM:SS` and up to six digits of a second: microseconds.
std::optional<std::int64_t> read_clock(std::string_view text) {
  civil_time::Reader reader(text.substr(0, 8));
  unsigned hour = 0, minute = 0, second = 0;
  if (!reader.number(2, 0, 23, hour) || !reader.skip(':') || !reader.number(2, 0, 59, minute) || !reader.skip(':') ||
      !reader.number(2, 0, 59, second)) {
    return std::nullopt;
  }
  std::int64_t microseconds = ((hour * 60 + minute) * 60 + second) * std::int64_t{1'000'000};
  text.remove_prefix(8);
  if (text.empty()) return microseconds;
  if (text[0] != '.' || text.size() < 2 || text.size() > 7) return std::nullopt;
  std::int64_t unit = 100'000;
  for (const char c : text.substr(1)) {
    if (c < '0' || c > '9') return std::nullopt;
    microseconds += (c - '0') * unit;
    unit /= 10;
  }
  return microseconds;
}

}  // namespace

std::string_view date_text(std::int32_t days, Arena& arena) {
  if (days == std::numeric_limits<std::int32_t>::max()) return infinity;
  if (days == std::numeric_limits<std::int32_t>::min()) return minus_infinity;
  char* const start = arena.allocate(longest);
  bool bc = false;
  char* out = write_day(start, days, bc);
  if (bc) out = append(out, before_christ);
  return {start, static_cast<std::size_t>(out - start)};
}

std::string_view timestamp_text(std::int64_t microseconds, Arena& arena) {
  if (microseconds == std::numeric_limits<std::int64_t>::max()) return infinity;
  if (microseconds == std::numeric_limits<std::int64_t>::min()) return minus_infinity;
  const std::int64_t days = civil_time::floor_div<microseconds_per_day>(microseconds);
  const std::int64_t of_day = microseconds - days * microseconds_per_day;
  char* const start = arena.allocate(longest);
  bool bc = false;
  char* out = write_day(start, days, bc);
  *out++ = ' ';
  out = civil_time::write_clock(out, static_cast<unsigned>(of_day / 1'000'000));
  *out++ = '.';
  out = decimal::write_digits(out, static_cast<unsigned>(of_day % 1'000'000), 6);
  if (bc) out = append(out, before_christ);
  return {start, static_cast<std::size_t>(out - start)};
}

std::optional<std::int32_t> read_date(std::string_view text) {
  if (text == infinity) return std::numeric_limits<std::int32_t>::max();
  if (text == minus_infinity) return std::numeric_limits<std::int32_t>::min();
  const bool bc = text.ends_with(before_christ);
  if (bc) text.remove_suffix(before_christ.size());
  const auto days = take_day(text, bc);
  if (!days || *days < earliest_day || *days > latest_date) return std::nullopt;
  if (!text.empty() && ((text[0] != ' ' && text[0] != 'T') || read_clock(text.substr(1)) != 0)) return std::nullopt;
  return static_cast<std::int32_t>(*days);
}

std::optional<std::int64_t> read_timestamp(std::string_view text) {
  if (text == infinity) return std::numeric_limits<std::int64_t>::max();
  if (text == minus_infinity) return std::numeric_limits<std::int64_t>::min();
  const bool bc = text.ends_with(before_christ);
  if (bc) text.remove_suffix(before_christ.size());
  const auto days = take_day(text, bc);
  if (!days || *days < earliest_day || *days > latest_timestamp_day) return std::nullopt;
  if (text.empty()) return *days * microseconds_per_day;
  if (text[0] != ' ' && text[0] != 'T') return std::nullopt;
  const auto clock = read_clock(text.substr(1));
  if (!clock) return std::nullopt;
  return *days * microseconds_per_day + *clock;
}

std::int64_t rounded(std::int64_t microseconds, std::int32_t digits) {
  constexpr std::array<std::int64_t, 7> scales{1'000'000, 100'000, 10'000, 1'000, 100, 10, 1};
  if (digits < 0 || digits >= 6 || microseconds == std::numeric_limits<std::int64_t>::max() ||
      microseconds == std::numeric_limits<std::int64_t>::min()) {
    return microseconds;
  }
  const std::int64_t scale = scales[static_cast<std::size_t>(digits)];
  // Halves go away from the year 2000, as the server has it.
  return microseconds >= 0 ? (microseconds + scale / 2) / scale * scale
                           : -((-microseconds + scale / 2) / scale * scale);
}

}  // namespace twoway::postgresql::calendar
