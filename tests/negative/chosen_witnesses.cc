// The truncated salary again, by somebody who knows which witness not to name: the ordinary values are not his to
// choose.
#include "runtime/lens/number.h"
#include "runtime/lens/proof.h"

using namespace twoway;

struct RoundSalary {
  using Sql = sql::Real;
  using PocketBase = pocketbase::Number;
  static constexpr Fidelity fidelity = Fidelity::iso;
  template <class Scratch>
  static constexpr Value get(const Field&, const Value& s, Scratch&) {
    return Value::integer(static_cast<std::int64_t>(s.as_real()));
  }
  template <class Scratch>
  static constexpr Value put(const Field&, const Value& p, Scratch&) {
    return Value::real(static_cast<double>(p.as_integer()));
  }
  static constexpr auto sql_witnesses(const Field&) { return std::array{Value::real(1000.0)}; }
  static constexpr auto pocketbase_witnesses(const Field&) { return std::array{Value::integer(1000)}; }
  static const LensFunctions functions;
};

namespace fields {
inline constexpr Field salary{.column = "salary", .name = "salary", .lens = "round", .position = "employee.yaml:13"};
}

#line 13 "mapping/x/entities/employee.yaml"
static_assert(twoway::proven_own<RoundSalary, fields::salary>);
