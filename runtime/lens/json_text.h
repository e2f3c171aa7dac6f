// Lens `json_text`: TEXT, VARCHAR that holds JSON <-> json.
#pragma once

#include <array>

#include "runtime/lens/lens.h"

namespace twoway::lens {

/// As the lens `json`, but the SQL side is text throughout: a document that is one number is a text there and a number
/// in PocketBase.
struct JsonText {
  using Sql = sql::Text;
  using PocketBase = pocketbase::Json;
  static constexpr Fidelity fidelity = Fidelity::iso;
  /// See Json.
  static constexpr bool at_compile_time = false;

  static Value get(const Field& field, const Value& s, Arena& arena);
  static Value put(const Field& field, const Value& p, Arena& arena);

  static constexpr auto sql_witnesses(const Field& field) {
    return std::array{field.empty == Empty::null ? Value::null() : Value::text("null"),
                      Value::text("{}"),
                      Value::text("false"),
                      Value::text("\"3\""),
                      Value::text(R"({"a": [1.50, null],"b\u00e9":"\ud83d\ude42"})"),
                      Value::text("3"),
                      Value::text("-0.25"),
                      Value::text("1763697783123456789")};
  }
  static constexpr auto pocketbase_witnesses(const Field&) {
    return std::array{Value::null(),        Value::text("{}"),  Value::text("[12345678901234567890]"),
                      Value::text("\"3\""), Value::integer(-7), Value::real(1e300)};
  }
  static const LensFunctions functions;
};

}  // namespace twoway::lens
