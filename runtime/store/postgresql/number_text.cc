#include "runtime/store/postgresql/number_text.h"

#include <charconv>

#include "runtime/lens/decimal.h"

namespace twoway::postgresql {

Value number_or_text(std::string_view text) {
  const bool may_be_number = !text.empty() && text.size() <= decimal::real_bytes &&
                             (text.front() == '-' || (text.front() >= '0' && text.front() <= '9'));
  if (!may_be_number) return Value::text(text);
  if (const auto integer = decimal::read_integer(text)) return Value::integer(*integer);
  double real = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), real);
  if (error != std::errc() || end != text.data() + text.size() || !decimal::finite(real)) return Value::text(text);
  char again[decimal::real_bytes];
  const std::string_view written(again, static_cast<std::size_t>(decimal::write_real(again, real) - again));
  // What NUMERIC affinity would make an integer of was never a real in SQLite.
  return written == text && decimal::numeric(real).is_real() ? Value::real(real) : Value::text(text);
}

std::string_view number_text(const Value& number, Arena& arena) {
  return number.is_integer() ? decimal::integer_text(number.as_integer(), arena)
                             : decimal::real_text(number.as_real(), arena);
}

}  // namespace twoway::postgresql
