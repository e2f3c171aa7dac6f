#include "runtime/lens/json_value.h"

#include <charconv>

#include "runtime/lens/decimal.h"
#include "runtime/lens/json_document.h"

namespace twoway::lens::json_value {
namespace {

/// The cell for a document that PocketBase keeps. `cell` is that document.
Value kept(const Field& field, const Value& cell) {
  const std::string_view document = cell.bytes();
  if (is_number(document)) return number(document);
  return field.empty == Empty::value && document == "null" ? Value::null() : cell;
}

Value document(const Field& field, const Value& s, Arena& arena) {
  switch (json_document::check(s.bytes())) {
    case json_document::Verdict::kept:
      return kept(field, s);
    case json_document::Verdict::damaged:
      if (const auto repaired = json_document::repaired(s.bytes())) {
        return kept(field, Value::text(arena.copy(*repaired)));
      }
      [[fallthrough]];
    case json_document::Verdict::invalid:
      break;
  }
  return Value::null();
}

}  // namespace

Value number(std::string_view digits) {
  if (const auto integer = decimal::read_integer(digits)) return Value::integer(*integer);
  double value = 0;  // stays where the number is too small for a double
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (end != digits.data() + digits.size() || !decimal::finite(value)) return Value::null();
  return decimal::numeric(value);
}

Value shown(const Field& field, const Value& s, Arena& arena) {
  switch (s.kind()) {
    case Kind::text:
      return document(field, s, arena);
    case Kind::integer:
      return s;
    case Kind::real:
      return decimal::finite(s.as_real()) ? decimal::numeric(s.as_real()) : Value::null();
    case Kind::blob:
    case Kind::null:
      break;
  }
  return Value::null();
}

Value empty(const Field& field) { return field.empty == Empty::null ? Value::null() : Value::text("null"); }

}  // namespace twoway::lens::json_value
