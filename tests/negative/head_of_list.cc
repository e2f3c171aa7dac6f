// Shows the first of several: fine for lists of one.
#include "runtime/lens/proof.h"
#include "runtime/lens/text.h"

using namespace twoway;

struct HeadOfList {
  using Sql = sql::Text;
  using PocketBase = pocketbase::Text;
  static constexpr Fidelity fidelity = Fidelity::iso;
  template <class Scratch>
  static constexpr Value get(const Field&, const Value& s, Scratch&) {
    return Value::text(s.bytes().substr(0, s.bytes().find(',')));
  }
  template <class Scratch>
  static constexpr Value put(const Field&, const Value& p, Scratch&) {
    return p;
  }
  static constexpr auto sql_witnesses(const Field&) {
    return std::array{Value::text(""), Value::text("a"), Value::text("a,b")};
  }
  static constexpr auto pocketbase_witnesses(const Field&) { return std::array{Value::text("a")}; }
  static const LensFunctions functions;
};

namespace fields {
inline constexpr Field tags{.column = "tags", .name = "tag", .lens = "head", .position = "model.yaml:4"};
}

#line 4 "mapping/x/entities/model.yaml"
static_assert(twoway::proven<HeadOfList, fields::tags>);
