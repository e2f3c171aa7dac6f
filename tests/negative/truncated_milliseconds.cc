// Milliseconds shown as seconds, and no residue declared.
#include "runtime/lens/number.h"
#include "runtime/lens/proof.h"

using namespace twoway;

struct MillisecondsAsSeconds {
  using Sql = sql::Integer;
  using PocketBase = pocketbase::Number;
  static constexpr Fidelity fidelity = Fidelity::iso;
  template <class Scratch>
  static constexpr Value get(const Field&, const Value& s, Scratch&) {
    return Value::integer(s.as_integer() / 1000);
  }
  template <class Scratch>
  static constexpr Value put(const Field&, const Value& p, Scratch&) {
    return Value::integer(p.as_integer() * 1000);
  }
  static constexpr auto sql_witnesses(const Field&) {
    return std::array{Value::integer(0), Value::integer(1700000000123)};
  }
  static constexpr auto pocketbase_witnesses(const Field&) { return std::array{Value::integer(1)}; }
  static const LensFunctions functions;
};

namespace fields {
inline constexpr Field created_at{
    .column = "created_at", .name = "created_at", .lens = "cut", .position = "chat.yaml:5"};
}

#line 5 "mapping/x/entities/chat.yaml"
static_assert(twoway::proven<MillisecondsAsSeconds, fields::created_at>);
