// With residue a lens may lose, but what it shows must be shown again; here it drifts.
#include "runtime/lens/number.h"
#include "runtime/lens/proof.h"

using namespace twoway;

struct Unstable {
  using Sql = sql::Integer;
  using PocketBase = pocketbase::Number;
  static constexpr Fidelity fidelity = Fidelity::residue;
  template <class Scratch>
  static constexpr Value get(const Field&, const Value& s, Scratch&) {
    return s;
  }
  template <class Scratch>
  static constexpr Value put(const Field&, const Value& p, Scratch&) {
    return Value::integer(p.as_integer() * 2);
  }
  static constexpr auto sql_witnesses(const Field&) { return std::array{Value::integer(0), Value::integer(1)}; }
  static constexpr auto pocketbase_witnesses(const Field&) { return std::array{Value::integer(0)}; }
  static const LensFunctions functions;
};

namespace fields {
inline constexpr Field count{.column = "count", .name = "count", .lens = "unstable", .position = "chat.yaml:31"};
}

#line 31 "mapping/x/entities/chat.yaml"
static_assert(twoway::proven<Unstable, fields::count>);
