#include "runtime/store/postgresql/codec.h"

#include <bit>
#include <cstring>
#include <limits>

#include "runtime/lens/decimal.h"
#include "runtime/lens/utf8.h"
#include "runtime/store/postgresql/byte_order.h"
#include "runtime/store/postgresql/calendar.h"
#include "runtime/store/postgresql/json_grammar.h"
#include "runtime/store/postgresql/number_text.h"

namespace twoway::postgresql {

namespace {

constexpr std::string_view other_type = "a value of another type than the column's";
constexpr std::string_view no_null = "NULL in a column that takes none";
constexpr std::string_view out_of_range = "a number beyond the column's range";
constexpr std::string_view rounded_real = "a number with more digits than the column keeps";
constexpr std::string_view not_utf8 = "bytes that are no UTF-8";
constexpr std::string_view too_long = "a text longer than the column takes";
constexpr std::string_view unpadded = "a text shorter than the column's CHAR(n)";
constexpr std::string_view no_json = "a text that is no JSON";
constexpr std::string_view deep_json = "JSON nested deeper than PostgreSQL takes";
constexpr std::string_view unspeakable_json = "\\u0000 or half a surrogate pair in JSON that an index reads";
constexpr std::string_view other_number = "a number in a form that JSON columns do not have";
constexpr std::string_view no_date = "a text that is no date";
constexpr std::string_view other_date = "a date or time in another form than the column's";

/// What stands where a column that takes no NULL cannot hold the value.
Value empty_value(const LiveColumn& column, Arena& arena) {
  if (!column.not_null) return Value::null();
  switch (column.transport) {
    case Transport::boolean:
    case Transport::int2:
    case Transport::int4:
    case Transport::int8:
    case Transport::number_text: return Value::integer(0);
    case Transport::float4:
    case Transport::float8: return Value::real(0);
    case Transport::bytea: return Value::blob("");
    case Transport::date: return Value::text("1970-01-01");
    case Transport::timestamp: return Value::text("1970-01-01 00:00:00.000000");
    case Transport::json: return Value::text("null");
    case Transport::text: break;
    case Transport::other_text: return Value::text("");
  }
  if (!column.padded || column.limit <= 0) return Value::text("");
  const auto size = static_cast<std::size_t>(column.limit);
  char* const blanks = arena.allocate(size);
  std::memset(blanks, ' ', size);
  return Value::text({blanks, size});
}

Fit instead(const LiveColumn& column, std::string_view reason, Arena& arena) {
  return {empty_value(column, arena), reason};
}

Fit fit_integer(const LiveColumn& column, const Value& value, Arena& arena) {
  if (!value.is_integer()) return instead(column, other_type, arena);
  const std::int64_t integer = value.as_integer();
  bool fits = true;
  if (column.transport == Transport::boolean) fits = integer == 0 || integer == 1;
  if (column.transport == Transport::int2) fits = integer == static_cast<std::int16_t>(integer);
  if (column.transport == Transport::int4) fits = integer == static_cast<std::int32_t>(integer);
  return fits ? Fit{value, {}} : instead(column, out_of_range, arena);
}

Fit fit_real(const LiveColumn& column, const Value& value, Arena& arena) {
  if (value.is_integer()) {
    const auto real = static_cast<double>(value.as_integer());
    const bool narrow = column.transport == Transport::float4;
    return {Value::real(narrow ? static_cast<double>(static_cast<float>(real)) : real), other_type};
  }
  if (!value.is_real()) return instead(column, other_type, arena);
  if (column.transport == Transport::float8) return {value, {}};
  const Value narrowed = Value::real(static_cast<double>(static_cast<float>(value.as_real())));
  return {narrowed, same(narrowed, value) ? std::string_view() : rounded_real};
}

/// The text with U+FFFD for each NUL and for bytes that are no UTF-8.
Fit fit_bytes_of_text(std::string_view bytes, Arena& arena) {
  Fit fit{Value::text(bytes), {}};
  if (bytes.empty()) return fit;
  if (!utf8::valid(bytes)) {
    bytes = utf8::repaired(bytes, arena);
    fit.reason = not_utf8;
  }
  if (std::memchr(bytes.data(), '\0', bytes.size()) != nullptr) {
    fit.reason = nul_in_text;
    std::size_t size = 0;
    for (const char c : bytes) size += c == '\0' ? utf8::replacement.size() : 1;
    char* const out = arena.allocate(size);
    char* next = out;
    for (const char c : bytes) {
      for (const char d : c == '\0' ? utf8::replacement : std::string_view(&c, 1)) *next++ = d;
    }
    bytes = {out, size};
  }
  fit.shown = Value::text(bytes);
  return fit;
}

/// Characters of valid UTF-8, and the bytes that the first `limit` of them take.
std::size_t count_characters(std::string_view text, std::size_t limit, std::size_t& bytes) {
  std::size_t count = 0;
  bytes = text.size();
  for (std::size_t at = 0; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) continue;
    if (count == limit) bytes = at;
    ++count;
  }
  return count;
}

Fit fit_text(const LiveColumn& column, const Value& value, Arena& arena) {
  if (!value.is_text()) return instead(column, other_type, arena);
  Fit fit = fit_bytes_of_text(value.bytes(), arena);
  if (column.limit < 0) return fit;
  const auto limit = static_cast<std::size_t>(column.limit);
  std::string_view text = fit.shown.bytes();
  if (text.size() <= limit && !column.padded) return fit;
  std::size_t bytes = 0;
  const std::size_t characters = count_characters(text, limit, bytes);
  if (characters > limit) {
    fit = {Value::text(text.substr(0, bytes)), fit.exact() ? too_long : fit.reason};
  } else if (column.padded && characters < limit) {
    const std::size_t size = text.size() + limit - characters;
    char* const out = arena.allocate(size);
    std::memset(out, ' ', size);
    std::memcpy(out, text.data(), text.size());
    fit = {Value::text({out, size}), fit.exact() ? unpadded : fit.reason};
  }
  return fit;
}

Fit fit_json(const LiveColumn& column, const Value& value, Arena& arena) {
  if (value.is_blob()) return instead(column, other_type, arena);
  if (!value.is_text()) {
    if (value.is_real() && !decimal::finite(value.as_real())) return instead(column, no_json, arena);
    if (value.is_integer()) return {value, {}};
    const Value again = number_or_text(number_text(value, arena));
    return {again, same(again, value) ? std::string_view() : other_number};
  }
  std::string_view text = value.bytes();
  Fit fit{value, {}};
  if (!utf8::valid(text)) {
    text = utf8::repaired(text, arena);
    fit.reason = not_utf8;
  }
  const JsonFindings findings = examine_json(text);
  if (!findings.valid) return instead(column, findings.too_deep ? deep_json : no_json, arena);
  if (findings.unspeakable && column.evaluated) {
    text = speakable_json(text, arena);
    fit.reason = unspeakable_json;
  }
  fit.shown = number_or_text(text);
  if (!fit.shown.is_text() && fit.exact()) fit.reason = other_number;
  return fit;
}

Fit fit_date(const LiveColumn& column, const Value& value, Arena& arena) {
  if (!value.is_text()) return instead(column, other_type, arena);
  std::string_view again;
  if (column.transport == Transport::date) {
    const auto days = calendar::read_date(value.bytes());
    if (!days) return instead(column, no_date, arena);
    again = calendar::date_text(*days, arena);
  } else {
    const auto time = calendar::read_timestamp(value.bytes());
    if (!time) return instead(column, no_date, arena);
    again = calendar::timestamp_text(calendar::rounded(*time, column.limit), arena);
  }
  return {Value::text(again), again == value.bytes() ? std::string_view() : other_date};
}

/// What the server casts from text: it alone knows whether it can.
Fit fit_cast(const LiveColumn& column, const Value& value, Arena& arena) {
  if (column.transport == Transport::number_text && (value.is_integer() || value.is_real())) {
    if (value.is_real() && !decimal::finite(value.as_real())) return instead(column, out_of_range, arena);
    const Value again = number_or_text(number_text(value, arena));
    return {again, same(again, value) ? std::string_view() : other_number};
  }
  if (!value.is_text()) return instead(column, other_type, arena);
  const Fit text = fit_bytes_of_text(value.bytes(), arena);
  if (!text.exact()) return instead(column, text.reason, arena);
  if (column.transport == Transport::other_text) return text;
  const Value again = number_or_text(value.bytes());
  return {again, again.is_text() ? std::string_view() : other_number};
}

}  // namespace

Value decode(const LiveColumn& column, std::string_view bytes, Arena& arena) {
  const char* const data = bytes.data();
  switch (column.transport) {
    case Transport::boolean: return Value::boolean(data[0] != 0);
    case Transport::int2: return Value::integer(read_big_endian<std::int16_t>(data));
    case Transport::int4: return Value::integer(read_big_endian<std::int32_t>(data));
    case Transport::int8: return Value::integer(read_big_endian<std::int64_t>(data));
    case Transport::float4:
      return Value::real(static_cast<double>(std::bit_cast<float>(read_big_endian<std::uint32_t>(data))));
    case Transport::float8: return Value::real(std::bit_cast<double>(read_big_endian<std::uint64_t>(data)));
    case Transport::bytea: return Value::blob(bytes);
    case Transport::date: return Value::text(calendar::date_text(read_big_endian<std::int32_t>(data), arena));
    case Transport::timestamp: return Value::text(calendar::timestamp_text(read_big_endian<std::int64_t>(data), arena));
    case Transport::json:
    case Transport::number_text: return number_or_text(bytes);
    case Transport::text:
    case Transport::other_text: break;
  }
  return Value::text(bytes);
}

Value decode(const LiveColumn& column, const Result& result, int row, int index, Arena& arena) {
  if (result.is_null(row, index)) return Value::null();
  return decode(column, result.bytes(row, index), arena);
}

namespace {

/// The value's bytes in binary; what is not a view of the value itself is written to `memory`, of 8 bytes.
std::string_view wire_bytes(const LiveColumn& column, const Value& value, char* memory, Arena& arena) {
  switch (column.transport) {
    case Transport::boolean: memory[0] = value.as_integer() != 0 ? 1 : 0; return {memory, 1};
    case Transport::int2: write_big_endian<std::int16_t>(memory, static_cast<std::int16_t>(value.as_integer())); break;
    case Transport::int4: write_big_endian<std::int32_t>(memory, static_cast<std::int32_t>(value.as_integer())); break;
    case Transport::int8: write_big_endian<std::int64_t>(memory, value.as_integer()); break;
    case Transport::float4:
      write_big_endian<std::uint32_t>(memory, std::bit_cast<std::uint32_t>(static_cast<float>(value.as_real())));
      break;
    case Transport::float8:
      write_big_endian<std::uint64_t>(memory, std::bit_cast<std::uint64_t>(value.as_real()));
      break;
    case Transport::date: write_big_endian<std::int32_t>(memory, calendar::read_date(value.bytes()).value()); break;
    case Transport::timestamp:
      write_big_endian<std::int64_t>(memory, calendar::read_timestamp(value.bytes()).value());
      break;
    default: return value.is_text() || value.is_blob() ? value.bytes() : number_text(value, arena);
  }
  switch (column.transport) {
    case Transport::int2: return {memory, 2};
    case Transport::int4:
    case Transport::float4:
    case Transport::date: return {memory, 4};
    default: return {memory, 8};
  }
}

}  // namespace

void append_field(std::string& out, const LiveColumn& column, const Value& value, Arena& arena) {
  if (value.is_null()) {
    append_big_endian<std::int32_t>(out, -1);
    return;
  }
  char memory[8];
  const std::string_view bytes = wire_bytes(column, value, memory, arena);
  append_big_endian<std::int32_t>(out, static_cast<std::int32_t>(bytes.size()));
  out.append(bytes);
}

Parameter parameter(const LiveColumn& column, const Value& value, Arena& arena) {
  if (value.is_null()) return {column.wire_oid(), std::nullopt, true};
  char* const memory = arena.allocate(8);
  return {column.wire_oid(), wire_bytes(column, value, memory, arena), true};
}

Fit fit(const LiveColumn& column, const Value& value, Arena& arena) {
  if (value.is_null()) return column.not_null ? Fit{empty_value(column, arena), no_null} : Fit{value, {}};
  switch (column.transport) {
    case Transport::boolean:
    case Transport::int2:
    case Transport::int4:
    case Transport::int8: return fit_integer(column, value, arena);
    case Transport::float4:
    case Transport::float8: return fit_real(column, value, arena);
    case Transport::text: return fit_text(column, value, arena);
    case Transport::bytea: return value.is_blob() ? Fit{value, {}} : instead(column, other_type, arena);
    case Transport::date:
    case Transport::timestamp: return fit_date(column, value, arena);
    case Transport::json: return fit_json(column, value, arena);
    case Transport::number_text:
    case Transport::other_text: break;
  }
  return fit_cast(column, value, arena);
}

std::optional<std::string> holds(const LiveColumn& column, const Value& value) {
  Arena arena;
  const Fit found = fit(column, value, arena);
  if (found.exact()) return std::nullopt;
  return std::string(found.reason);
}

Value shown(const LiveColumn& column, const Value& value, Arena& arena) { return fit(column, value, arena).shown; }

}  // namespace twoway::postgresql
