// Lens `real`: REAL <-> number.
#pragma once

#include <array>

#include "runtime/lens/decimal.h"
#include "runtime/lens/empty.h"
#include "runtime/lens/lens.h"

namespace twoway::lens {

/// Finite reals go over; PocketBase's column (NUMERIC affinity) holds 3.0 as 3. Shown otherwise: -0.0, infinities and
/// all that is no number as 0.
struct Real {
  using Sql = sql::Real;
  using PocketBase = pocketbase::Number;
  static constexpr Fidelity fidelity = Fidelity::iso;

  template <class Scratch>
  static constexpr Value get(const Field&, const Value& s, Scratch&) {
    if (s.is_real() && decimal::finite(s.as_real())) return decimal::numeric(s.as_real());
    return s.is_integer() ? decimal::numeric(static_cast<double>(s.as_integer())) : Value::integer(0);
  }

  template <class Scratch>
  static constexpr Value put(const Field& field, const Value& p, Scratch&) {
    if (p.is_integer()) return Value::real(static_cast<double>(p.as_integer()));
    if (p.is_real() && decimal::finite(p.as_real())) return p;
    return field.empty == Empty::null ? Value::null() : Value::real(0.0);
  }

  static constexpr auto sql_witnesses(const Field&) {
    return std::array{Value::real(0.0),   Value::real(1.5),    Value::real(-3.0), Value::real(0.1),
                      Value::real(1e300), Value::real(5e-324), Value::real(1e17), Value::real(9007199254740991.0)};
  }
  static constexpr auto pocketbase_witnesses(const Field&) {
    return std::array{Value::integer(0), Value::integer(-3), Value::real(0.1), Value::real(1e300)};
  }
  static const LensFunctions functions;
};

}  // namespace twoway::lens
