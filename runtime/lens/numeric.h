// Lens `numeric`: NUMERIC, DECIMAL <-> number.
#pragma once

#include <array>
#include <optional>

#include "runtime/lens/decimal.h"
#include "runtime/lens/empty.h"
#include "runtime/lens/lens.h"

namespace twoway::lens {

/// The finite real that a decimal text is nearest to, whatever zeros it ends in. Not for constant expressions.
std::optional<double> read_decimal(std::string_view text);

/// Numbers go over as they are, whole ones and others: SQLite's NUMERIC columns hold both. Shown otherwise: integers
/// that no double holds as the nearest one; a decimal that is more than a double (PostgreSQL's 19.90, which is text
/// here) as the nearest number; all that is no number as 0.
struct Numeric {
  using Sql = sql::Real;
  using PocketBase = pocketbase::Number;
  static constexpr Fidelity fidelity = Fidelity::iso;

  template <class Scratch>
  static constexpr Value get(const Field&, const Value& s, Scratch&) {
    if (s.is_integer()) return decimal::numeric(static_cast<double>(s.as_integer()));
    if (s.is_text()) {
      const auto number = read_decimal(s.bytes());
      return number ? decimal::numeric(*number) : Value::integer(0);
    }
    return s.is_real() && decimal::finite(s.as_real()) ? decimal::numeric(s.as_real()) : Value::integer(0);
  }

  template <class Scratch>
  static constexpr Value put(const Field& field, const Value& p, Scratch&) {
    if (p.is_integer()) return p;
    return p.is_real() && decimal::finite(p.as_real()) ? decimal::numeric(p.as_real()) : empty_integer(field);
  }

  static constexpr auto sql_witnesses(const Field&) {
    return std::array{Value::integer(0), Value::integer(-7), Value::integer(9'007'199'254'740'991), Value::real(19.9),
                      Value::real(-0.01)};
  }
  static constexpr auto pocketbase_witnesses(const Field&) {
    return std::array{Value::integer(0), Value::integer(-7), Value::real(0.1), Value::real(-1e300)};
  }
  static const LensFunctions functions;
};

}  // namespace twoway::lens
