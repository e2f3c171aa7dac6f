// Lens `boolean_negated`: BOOLEAN, INTEGER <-> bool that says the opposite.
#pragma once

#include <array>

#include "runtime/lens/boolean.h"

namespace twoway::lens {

/// For a column whose ordinary value is true (`active`): PocketBase gives a new record false, so there it should be the
/// field of the opposite (`disabled`). As `boolean` but for that; NULL shows as false.
struct BooleanNegated {
  using Sql = sql::Boolean;
  using PocketBase = pocketbase::Bool;
  static constexpr Fidelity fidelity = Fidelity::iso;

  template <class Scratch>
  static constexpr Value get(const Field& field, const Value& s, Scratch& scratch) {
    if (s.is_null()) return Value::boolean(false);
    return Value::boolean(Boolean::get(field, s, scratch).as_integer() == 0);
  }

  template <class Scratch>
  static constexpr Value put(const Field& field, const Value& p, Scratch& scratch) {
    const Value positive = Boolean::put(field, p, scratch);
    return positive.is_integer() ? Value::boolean(positive.as_integer() == 0) : positive;
  }

  static constexpr auto sql_witnesses(const Field&) { return std::array{Value::integer(0), Value::integer(1)}; }
  static constexpr auto pocketbase_witnesses(const Field&) { return std::array{Value::integer(0), Value::integer(1)}; }
  static const LensFunctions functions;
};

}  // namespace twoway::lens
