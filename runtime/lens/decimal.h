// Decimal digits <-> integers and reals.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "runtime/model/value.h"

namespace twoway::decimal {

/// Longest text of an int64.
inline constexpr std::size_t integer_bytes = 20;
/// Longest text that `write_real` makes.
inline constexpr std::size_t real_bytes = 32;
/// 2^63: reals below it in magnitude fit an int64.
inline constexpr double two_to_63 = 9223372036854775808.0;

/// Writes `value` with at least one digit; returns the end.
constexpr char* write_integer(char* out, std::int64_t value) {
  char digits[integer_bytes]{};
  std::size_t count = 0;
  std::uint64_t left = value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  do {
    digits[count++] = static_cast<char>('0' + left % 10);
    left /= 10;
  } while (left != 0);
  if (value < 0) *out++ = '-';
  while (count > 0) *out++ = digits[--count];
  return out;
}

/// Writes exactly `width` digits of `value`, which must fit; returns the end.
constexpr char* write_digits(char* out, unsigned value, unsigned width) {
  for (unsigned i = width; i > 0; --i) {
    out[i - 1] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  return out + width;
}

/// Canonical decimals only: no plus sign, no leading zero, no -0, within int64.
constexpr std::optional<std::int64_t> read_integer(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  if (text.empty() || text.size() > 19 || (text.front() == '0' && (negative || text.size() > 1))) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  const std::uint64_t limit = std::uint64_t{1} << 63;
  if (value > (negative ? limit : limit - 1)) return std::nullopt;
  return static_cast<std::int64_t>(negative ? 0 - value : value);
}

/// The text of an integer, in scratch.
template <class Scratch>
constexpr std::string_view integer_text(std::int64_t value, Scratch& scratch) {
  char* const out = scratch.allocate(integer_bytes);
  return {out, static_cast<std::size_t>(write_integer(out, value) - out)};
}

/// The shortest text that reads back as the same real; valid JSON where the real is finite. Not for constant
/// expressions.
char* write_real(char* out, double value);

/// The text of a real, in scratch.
template <class Scratch>
std::string_view real_text(double value, Scratch& scratch) {
  char* const out = scratch.allocate(real_bytes);
  return {out, static_cast<std::size_t>(write_real(out, value) - out)};
}

/// True for neither an infinity nor a NaN.
constexpr bool finite(double value) { return value - value == 0.0; }

/// A finite real as a column of NUMERIC affinity holds it: an integer where it is one and fits (-0.0 becomes 0).
constexpr Value numeric(double value) {
  if (value >= -two_to_63 && value < two_to_63) {
    const auto integer = static_cast<std::int64_t>(value);
    if (static_cast<double>(integer) == value) return Value::integer(integer);
  }
  return Value::real(value);
}

}  // namespace twoway::decimal
