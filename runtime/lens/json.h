// Lens `json`: JSON <-> json.
#pragma once

#include <array>

#include "runtime/lens/lens.h"

namespace twoway::lens {

/// Documents that PocketBase keeps to the byte go over as they are (the same view). Shown otherwise: what it would
/// damage repaired (json_document.h), what is no JSON as NULL, numbers as a column of NUMERIC affinity holds them.
/// Field::empty says what PocketBase's NULL means: SQL NULL, or the JSON text `null` (`json_null: json`, and NOT NULL
/// columns), which is then shown as NULL.
struct Json {
  using Sql = sql::Json;
  using PocketBase = pocketbase::Json;
  static constexpr Fidelity fidelity = Fidelity::iso;
  /// Scanning documents is fast at run time instead; tests/runtime/lens_json_test.cc holds it to the laws.
  static constexpr bool at_compile_time = false;

  static Value get(const Field& field, const Value& s, Arena& arena);
  static Value put(const Field& field, const Value& p, Arena& arena);

  static constexpr auto sql_witnesses(const Field& field) {
    return std::array{field.empty == Empty::null ? Value::null() : Value::text("null"),
                      Value::text("{}"),
                      Value::text("[]"),
                      Value::text("true"),
                      Value::text("\"\""),
                      Value::text(R"({"a": [1.50, null],"b\u00e9":"\ud83d\ude42"})"),
                      Value::integer(3),
                      Value::integer(1763697783123456789),
                      Value::real(1.5)};
  }
  static constexpr auto pocketbase_witnesses(const Field&) {
    return std::array{Value::null(),        Value::text("{}"),  Value::text(R"({"b":1,"a":12345678901234567890})"),
                      Value::text("\"3\""), Value::integer(-7), Value::real(1e300)};
  }
  static const LensFunctions functions;
};

}  // namespace twoway::lens
