// Halves that are rounded towards zero on one way and down on the other: off by one below zero.
#include "runtime/lens/civil_time.h"
#include "runtime/lens/number.h"
#include "runtime/lens/proof.h"

using namespace twoway;

struct OffByOneBelowZero {
  using Sql = sql::Integer;
  using PocketBase = pocketbase::Date;
  static constexpr Fidelity fidelity = Fidelity::iso;
  template <class Scratch>
  static constexpr Value get(const Field&, const Value& s, Scratch& scratch) {
    return civil_time::show(s.as_integer() * 1000 + 1, scratch);
  }
  template <class Scratch>
  static constexpr Value put(const Field&, const Value& p, Scratch&) {
    return Value::integer(*civil_time::read(p) / 1000);
  }
  static constexpr auto sql_witnesses(const Field&) {
    return std::array{Value::integer(0), Value::integer(1700000000), Value::integer(-1)};
  }
  static constexpr auto pocketbase_witnesses(const Field&) {
    return std::array{Value::text("1970-01-01 00:00:00.001Z")};
  }
  static const LensFunctions functions;
};

namespace fields {
inline constexpr Field created_at{
    .column = "created_at", .name = "created_at", .lens = "cut", .position = "chat.yaml:9"};
}

#line 9 "mapping/x/entities/chat.yaml"
static_assert(twoway::proven<OffByOneBelowZero, fields::created_at>);
