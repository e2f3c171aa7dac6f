// A text that stands for NULL: somebody's text is that text.
#include "runtime/lens/proof.h"
#include "runtime/lens/text.h"

using namespace twoway;

struct TextForNull {
  using Sql = sql::Text;
  using PocketBase = pocketbase::Text;
  static constexpr Fidelity fidelity = Fidelity::iso;
  template <class Scratch>
  static constexpr Value get(const Field&, const Value& s, Scratch&) {
    return s.is_null() ? Value::text("__NULL__") : s;
  }
  template <class Scratch>
  static constexpr Value put(const Field&, const Value& p, Scratch&) {
    return p.bytes() == "__NULL__" ? Value::null() : p;
  }
  static constexpr auto sql_witnesses(const Field&) {
    return std::array{Value::null(), Value::text(""), Value::text("__NULL__")};
  }
  static constexpr auto pocketbase_witnesses(const Field&) { return std::array{Value::text("a")}; }
  static const LensFunctions functions;
};

namespace fields {
inline constexpr Field bio{.column = "bio", .name = "bio", .lens = "text_for_null", .position = "user.yaml:21"};
}

#line 21 "mapping/x/entities/user.yaml"
static_assert(twoway::proven<TextForNull, fields::bio>);
