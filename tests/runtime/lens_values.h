// Random cells for the lenses' tests.
#pragma once

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include "runtime/lens/lens.h"
#include "runtime/lens/proof.h"

namespace twoway::lens_test {

/// A cell that owns its bytes.
struct Cell {
  Kind kind = Kind::null;
  std::int64_t integer = 0;
  double real = 0;
  std::string bytes = {};

  Value value() const {
    switch (kind) {
      case Kind::null:
        return Value::null();
      case Kind::integer:
        return Value::integer(integer);
      case Kind::real:
        return Value::real(real);
      case Kind::text:
        return Value::text(bytes);
      case Kind::blob:
        return Value::blob(bytes);
    }
    return {};
  }
};

inline Cell text_cell(std::string bytes) { return {.kind = Kind::text, .bytes = std::move(bytes)}; }
inline Cell integer_cell(std::int64_t integer) { return {.kind = Kind::integer, .integer = integer}; }
inline Cell real_cell(double real) { return {.kind = Kind::real, .real = real}; }

/// As a failed proof shows it.
inline std::string shown(const Value& value) { return proof::show(value).text; }
inline void showValue(const Cell& cell, std::ostream& out) { out << shown(cell.value()); }

inline constexpr Field nullable{.column = "c", .name = "f", .lens = "l", .position = "x.yaml:1", .empty = Empty::null};
inline constexpr Field not_null{.column = "c", .name = "f", .lens = "l", .position = "x.yaml:2", .empty = Empty::value};

/// What a lens makes of a cell, as `shown` has it.
template <class Lens>
std::string get(const Value& s, const Field& field = nullable) {
  Arena arena;
  return shown(Lens::functions.get(field, s, arena));
}
template <class Lens>
std::string put(const Value& p, const Field& field = nullable) {
  Arena arena;
  return shown(Lens::functions.put(field, p, arena));
}
template <class Lens>
std::string put(std::string_view p, const Field& field = nullable) {
  return put<Lens>(Value::text(p), field);
}

/// Memory that nobody can read behind its end.
class Fenced {
 public:
  Fenced();
  ~Fenced();
  Fenced(const Fenced&) = delete;
  Fenced& operator=(const Fenced&) = delete;

  /// A copy that ends where the memory does, until the next one.
  std::string_view copy(std::string_view text);

 private:
  static constexpr std::size_t size = 65'536;  ///< of either half, whole pages on every machine
  char* memory_;
};

/// Integers of every magnitude, also those near the borders that the lenses know.
rc::Gen<std::int64_t> any_integer();
/// Doubles of every bit pattern, and ordinary ones.
rc::Gen<double> any_real();
/// Bytes: plain text, UTF-8, rubbish, dates, numbers, JSON.
rc::Gen<std::string> any_bytes();
/// Valid UTF-8.
rc::Gen<std::string> any_text();
/// `YYYY-MM-DD HH:MM:SS.mmmZ`, of a time that is a multiple of `granularity_ms`.
rc::Gen<std::string> any_date(std::int64_t granularity_ms);
/// JSON, often with something wrong.
rc::Gen<std::string> any_document();
/// A cell of any kind.
rc::Gen<Cell> any_cell();

}  // namespace twoway::lens_test
