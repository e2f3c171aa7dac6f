// Lens `number`: INTEGER, BIGINT <-> number.
#pragma once

#include <array>

#include "runtime/lens/decimal.h"
#include "runtime/lens/empty.h"
#include "runtime/lens/lens.h"

namespace twoway::lens {

/// Integers that a double holds exactly go over as they are. Shown otherwise: larger ones as the nearest double (which
/// is what PocketBase would make of them), fractions as they are, all that is no number as 0.
struct Number {
  using Sql = sql::Integer;
  using PocketBase = pocketbase::Number;
  static constexpr Fidelity fidelity = Fidelity::iso;

  template <class Scratch>
  static constexpr Value get(const Field&, const Value& s, Scratch&) {
    if (s.is_integer()) return decimal::numeric(static_cast<double>(s.as_integer()));
    return s.is_real() && decimal::finite(s.as_real()) ? decimal::numeric(s.as_real()) : Value::integer(0);
  }

  template <class Scratch>
  static constexpr Value put(const Field& field, const Value& p, Scratch&) {
    if (p.is_integer()) return p;
    return p.is_real() && decimal::finite(p.as_real()) ? decimal::numeric(p.as_real()) : empty_integer(field);
  }

  static constexpr auto sql_witnesses(const Field&) {
    return std::array{Value::integer(0), Value::integer(1), Value::integer(-1), Value::integer(9'007'199'254'740'991),
                      Value::integer(-9'007'199'254'740'991)};
  }
  static constexpr auto pocketbase_witnesses(const Field&) {
    return std::array{Value::integer(0), Value::integer(-7),  Value::integer(9'007'199'254'740'991),
                      Value::real(1.5),  Value::real(-1e300), Value::real(9223372036854775808.0)};
  }
  static const LensFunctions functions;
};

}  // namespace twoway::lens
