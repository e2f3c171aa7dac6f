// A lens of this mapping's own: whole cents in SQL, an amount with two places in PocketBase.
#pragma once

#include <array>
#include <cstdint>

#include "runtime/lens/lens.h"

namespace library {

/// 1999 <-> 19.99. Amounts that a double does not tell apart travel in the residue.
struct Cents {
  using Sql = twoway::sql::Integer;
  using PocketBase = twoway::pocketbase::Number;
  using Value = twoway::Value;
  static constexpr twoway::Fidelity fidelity = twoway::Fidelity::iso;

  template <class Scratch>
  static constexpr Value get(const twoway::Field&, const Value& s, Scratch&) {
    if (!s.is_integer()) return Value::integer(0);
    return s.as_integer() % 100 == 0 ? Value::integer(s.as_integer() / 100)
                                     : Value::real(static_cast<double>(s.as_integer()) / 100);
  }

  template <class Scratch>
  static constexpr Value put(const twoway::Field&, const Value& p, Scratch&) {
    if (p.is_integer() && p.as_integer() < largest / 100 && p.as_integer() > -largest / 100) {
      return Value::integer(p.as_integer() * 100);
    }
    const double cents = p.is_real() ? p.as_real() * 100 : 0;
    if (!(cents < largest && cents > -largest)) return Value::integer(0);
    return Value::integer(static_cast<std::int64_t>(cents < 0 ? cents - 0.5 : cents + 0.5));
  }

  static constexpr auto sql_witnesses(const twoway::Field&) {
    return std::array{Value::integer(0), Value::integer(1), Value::integer(-1999), Value::integer(100),
                      Value::integer(123456789)};
  }
  static constexpr auto pocketbase_witnesses(const twoway::Field&) {
    return std::array{Value::integer(0), Value::integer(20), Value::real(19.99), Value::real(-0.01)};
  }
  static const twoway::LensFunctions functions;

 private:
  static constexpr std::int64_t largest = std::int64_t{1} << 53;  // doubles tell all whole cents below it apart
};

inline constinit const twoway::LensFunctions Cents::functions = twoway::functions_of<Cents>();

}  // namespace library
