// Lens `boolean`: BOOLEAN, INTEGER <-> bool.
#pragma once

#include <array>

#include "runtime/lens/empty.h"
#include "runtime/lens/lens.h"

namespace twoway::lens {

/// 0 and 1 go over as they are. Shown otherwise: NULL, '' and zero as false, anything else as true. False is a value,
/// not emptiness, so Field::empty does not touch it.
struct Boolean {
  using Sql = sql::Boolean;
  using PocketBase = pocketbase::Bool;
  static constexpr Fidelity fidelity = Fidelity::iso;

  template <class Scratch>
  static constexpr Value get(const Field&, const Value& s, Scratch&) {
    switch (s.kind()) {
      case Kind::integer:
        return Value::boolean(s.as_integer() != 0);
      case Kind::real:
        return Value::boolean(s.as_real() != 0.0);
      case Kind::text:
      case Kind::blob:
        return Value::boolean(!s.bytes().empty());
      case Kind::null:
        break;
    }
    return Value::boolean(false);
  }

  /// As PocketBase reads its own column: only 1 and `true` are true.
  template <class Scratch>
  static constexpr Value put(const Field& field, const Value& p, Scratch&) {
    switch (p.kind()) {
      case Kind::integer:
        return Value::boolean(p.as_integer() == 1);
      case Kind::real:
        return Value::boolean(p.as_real() == 1.0);
      case Kind::text:
        if (!p.bytes().empty()) return Value::boolean(p.bytes() == "1" || p.bytes() == "true");
        break;
      case Kind::blob:
      case Kind::null:
        break;
    }
    return empty_integer(field);
  }

  static constexpr auto sql_witnesses(const Field&) { return std::array{Value::integer(0), Value::integer(1)}; }
  static constexpr auto pocketbase_witnesses(const Field&) { return std::array{Value::integer(0), Value::integer(1)}; }
  static const LensFunctions functions;
};

}  // namespace twoway::lens
