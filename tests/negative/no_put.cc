// A lens that nobody can come back from.
#include "runtime/lens/proof.h"
#include "runtime/lens/text.h"

using namespace twoway;

struct OnlyThere {
  using Sql = sql::Text;
  using PocketBase = pocketbase::Text;
  static constexpr Fidelity fidelity = Fidelity::iso;
  template <class Scratch>
  static constexpr Value get(const Field& field, const Value& s, Scratch& scratch) {
    return lens::Text::get(field, s, scratch);
  }
  static constexpr auto sql_witnesses(const Field& field) { return lens::Text::sql_witnesses(field); }
  static constexpr auto pocketbase_witnesses(const Field& field) { return lens::Text::pocketbase_witnesses(field); }
  static const LensFunctions functions;
};

namespace fields {
inline constexpr Field title{.column = "title", .name = "title", .lens = "only_there", .position = "note.yaml:7"};
}

#line 7 "mapping/x/entities/note.yaml"
static_assert(twoway::proven<OnlyThere, fields::title>);
