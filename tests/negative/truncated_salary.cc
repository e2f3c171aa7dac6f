// The pair from pgroll's manual: up is trunc(salary), down is the value itself.
#include "runtime/lens/number.h"
#include "runtime/lens/proof.h"

using namespace twoway;

struct TruncatedSalary {
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
  static constexpr auto sql_witnesses(const Field&) { return std::array{Value::real(1000.0), Value::real(1234.56)}; }
  static constexpr auto pocketbase_witnesses(const Field&) { return std::array{Value::integer(1000)}; }
  static const LensFunctions functions;
};

namespace fields {
inline constexpr Field salary{.column = "salary", .name = "salary", .lens = "trunc", .position = "employee.yaml:12"};
}

#line 12 "mapping/x/entities/employee.yaml"
static_assert(twoway::proven<TruncatedSalary, fields::salary>);
