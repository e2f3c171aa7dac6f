// Points in time: milliseconds since 1970 (UTC) <-> `YYYY-MM-DD HH:MM:SS.mmmZ`, PocketBase's date.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "runtime/lens/decimal.h"
#include "runtime/model/value.h"

namespace twoway::civil_time {

/// What PocketBase can show: the years 0001 to 9999, without their first millisecond, which is Go's zero time and
/// therefore the empty date.
inline constexpr std::int64_t earliest_ms = -62'135'596'800'000 + 1;
inline constexpr std::int64_t latest_ms = 253'402'300'799'999;
inline constexpr std::int64_t ms_per_day = 86'400'000;
/// Bytes of a PocketBase date.
inline constexpr std::size_t date_bytes = 24;

/// Rounds down, where `/` rounds to zero.
template <std::int64_t divisor>
constexpr std::int64_t floor_div(std::int64_t a) {
  return a / divisor - (a % divisor < 0 ? 1 : 0);
}

/// A day of the proleptic Gregorian calendar.
struct Day {
  int year;
  unsigned month;
  unsigned day;
};

constexpr bool leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

constexpr unsigned days_in_month(int year, unsigned month) {
  if (month == 2) return leap(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/// Days since 1970-01-01. (Howard Hinnant's algorithm, http://howardhinnant.github.io/date_algorithms.html)
constexpr std::int64_t days_from_civil(Day date) {
  const int year = date.year - (date.month <= 2 ? 1 : 0);
  const int era = (year >= 0 ? year : year - 399) / 400;
  const auto year_of_era = static_cast<unsigned>(year - era * 400);
  const unsigned day_of_year = (153 * (date.month > 2 ? date.month - 3 : date.month + 9) + 2) / 5 + date.day - 1;
  const unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return std::int64_t{era} * 146'097 + std::int64_t{day_of_era} - 719'468;
}

/// The inverse of days_from_civil.
constexpr Day civil_from_days(std::int64_t days) {
  days += 719'468;
  const std::int64_t era = floor_div<146'097>(days);
  const auto day_of_era = static_cast<unsigned>(days - era * 146'097);
  const unsigned year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned shifted_month = (5 * day_of_year + 2) / 153;
  const unsigned month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  return {static_cast<int>(year_of_era + era * 400) + (month <= 2 ? 1 : 0), month,
          day_of_year - (153 * shifted_month + 2) / 5 + 1};
}

/// Writes `YYYY-MM-DD` of a day within the years 0000 to 9999; returns the end.
constexpr char* write_day(char* out, std::int64_t days) {
  const Day date = civil_from_days(days);
  out = decimal::write_digits(out, static_cast<unsigned>(date.year), 4);
  *out++ = '-';
  out = decimal::write_digits(out, date.month, 2);
  *out++ = '-';
  return decimal::write_digits(out, date.day, 2);
}

/// Writes `HH:MM:SS`; returns the end.
constexpr char* write_clock(char* out, unsigned second_of_day) {
  out = decimal::write_digits(out, second_of_day / 3600, 2);
  *out++ = ':';
  out = decimal::write_digits(out, second_of_day / 60 % 60, 2);
  *out++ = ':';
  return decimal::write_digits(out, second_of_day % 60, 2);
}

/// The PocketBase date of a point in time, empty where PocketBase has none.
template <class Scratch>
constexpr Value show(std::int64_t ms, Scratch& scratch) {
  if (ms < earliest_ms || ms > latest_ms) return Value::text("");
  const std::int64_t days = floor_div<ms_per_day>(ms);
  const auto ms_of_day = static_cast<unsigned>(ms - days * ms_per_day);
  char* const start = scratch.allocate(date_bytes);
  char* out = write_day(start, days);
  *out++ = ' ';
  out = write_clock(out, ms_of_day / 1000);
  *out++ = '.';
  out = decimal::write_digits(out, ms_of_day % 1000, 3);
  *out = 'Z';
  return Value::text({start, date_bytes});
}

/// Takes a time apart, from left to right.
class Reader {
 public:
  constexpr explicit Reader(std::string_view text) : text_(text) {}

  constexpr bool done() const { return at_ == text_.size(); }
  constexpr bool next_is(char c) const { return at_ < text_.size() && text_[at_] == c; }
  constexpr bool skip(char c) {
    if (!next_is(c)) return false;
    ++at_;
    return true;
  }
  constexpr bool next_is_digit() const { return at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; }
  /// Exactly `width` digits, with a value from `low` to `high`.
  constexpr bool number(unsigned width, unsigned low, unsigned high, unsigned& value) {
    value = 0;
    for (unsigned i = 0; i < width; ++i) {
      if (!next_is_digit()) return false;
      value = value * 10 + static_cast<unsigned>(text_[at_++] - '0');
    }
    return value >= low && value <= high;
  }
  /// Digits of a fraction, as many as there are; milliseconds, cut off below.
  constexpr bool fraction(unsigned& ms) {
    if (!next_is_digit()) return false;
    unsigned weight = 100;
    for (ms = 0; next_is_digit(); ++at_, weight /= 10) ms += weight * static_cast<unsigned>(text_[at_] - '0');
    return true;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

/// Milliseconds since 1970 of `YYYY-MM-DD[( |T)HH:MM[:SS[(.|,)f...]][Z|(+|-)HH[:]MM]]`: PocketBase's own form, and
/// what else people and SQL programs write. Without a zone it is UTC. nullopt: not a time.
constexpr std::optional<std::int64_t> parse(std::string_view text) {
  Reader in(text);
  unsigned year = 0;
  unsigned month = 0;
  unsigned day = 0;
  if (!in.number(4, 1, 9999, year) || !in.skip('-') || !in.number(2, 1, 12, month) || !in.skip('-') ||
      !in.number(2, 1, days_in_month(static_cast<int>(year), month), day)) {
    return std::nullopt;
  }
  const std::int64_t midnight = days_from_civil({static_cast<int>(year), month, day}) * ms_per_day;
  if (in.done()) return midnight;
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
  unsigned ms = 0;
  if (!(in.skip(' ') || in.skip('T')) || !in.number(2, 0, 23, hour) || !in.skip(':') || !in.number(2, 0, 59, minute)) {
    return std::nullopt;
  }
  if (in.skip(':') && !in.number(2, 0, 59, second)) return std::nullopt;
  if ((in.skip('.') || in.skip(',')) && !in.fraction(ms)) return std::nullopt;
  const std::int64_t clock = ((std::int64_t{hour} * 60 + minute) * 60 + second) * 1000 + ms;
  const bool utc = in.skip('Z');
  if (in.done()) return midnight + clock;
  const bool west = in.next_is('-');
  unsigned zone_hour = 0;
  unsigned zone_minute = 0;
  if (utc || !(in.skip('+') || in.skip('-')) || !in.number(2, 0, 23, zone_hour)) return std::nullopt;
  if (!in.done() && (in.skip(':'), !in.number(2, 0, 59, zone_minute) || !in.done())) return std::nullopt;
  const std::int64_t zone = (std::int64_t{zone_hour} * 60 + zone_minute) * 60'000;
  return midnight + clock + (west ? zone : -zone);
}

/// The point in time that a PocketBase date names, nullopt where the field is empty (or no date at all, which
/// PocketBase reads as empty).
constexpr std::optional<std::int64_t> read(const Value& date) {
  return date.is_text() ? parse(date.bytes()) : std::nullopt;
}

}  // namespace twoway::civil_time
