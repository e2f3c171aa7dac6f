// Lens `text`: TEXT, VARCHAR <-> text.
#pragma once

#include <array>
#include <type_traits>

#include "runtime/lens/decimal.h"
#include "runtime/lens/empty.h"
#include "runtime/lens/lens.h"
#include "runtime/lens/utf8.h"

namespace twoway::lens {

/// Text goes over as it is, NUL included. Shown otherwise: NULL as '', bytes that are not UTF-8 as U+FFFD, numbers as
/// their digits.
struct Text {
  using Sql = sql::Text;
  using PocketBase = pocketbase::Text;
  static constexpr Fidelity fidelity = Fidelity::iso;

  template <class Scratch>
  static constexpr Value get(const Field&, const Value& s, Scratch& scratch) {
    switch (s.kind()) {
      case Kind::text:
        if (utf8::valid(s.bytes())) return s;
        [[fallthrough]];
      case Kind::blob:
        return Value::text(utf8::repaired(s.bytes(), scratch));
      case Kind::integer:
        return Value::text(decimal::integer_text(s.as_integer(), scratch));
      case Kind::real:
        return Value::text(decimal::real_text(s.as_real(), scratch));
      case Kind::null:
        break;
    }
    return Value::text("");
  }

  template <class Scratch>
  static constexpr Value put(const Field& field, const Value& p, Scratch&) {
    return p.is_null() || p.is_empty_text() ? empty_text(field) : p;
  }

  static constexpr auto sql_witnesses(const Field& field) {
    return std::array{empty_text(field),          Value::text("a"),    Value::text({"nul\0in", 6}),
                      Value::text(" \t\n\"\\"),   Value::text("NULL"), Value::text("\xC3\xA9\xF0\x9F\x99\x82"),
                      Value::text("\xEF\xBF\xBD")};
  }
  static constexpr auto pocketbase_witnesses(const Field&) {
    return std::array{Value::text(""), Value::text("a"), Value::text({"\0", 1}), Value::text("\xF4\x8F\xBF\xBF")};
  }
  static const LensFunctions functions;
};

}  // namespace twoway::lens
