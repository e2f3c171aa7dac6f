// A lens that gives nothing to prove it with.
#include "runtime/lens/proof.h"

using namespace twoway;

struct Unwitnessed {
  using Sql = sql::Text;
  using PocketBase = pocketbase::Text;
  static constexpr Fidelity fidelity = Fidelity::iso;
  template <class Scratch>
  static constexpr Value get(const Field&, const Value& s, Scratch&) {
    return s;
  }
  template <class Scratch>
  static constexpr Value put(const Field&, const Value& p, Scratch&) {
    return p;
  }
  static const LensFunctions functions;
};

namespace fields {
inline constexpr Field title{.column = "title", .name = "title", .lens = "unwitnessed", .position = "chat.yaml:32"};
}

#line 32 "mapping/x/entities/chat.yaml"
static_assert(twoway::proven<Unwitnessed, fields::title>);
