// What is no JSON becomes an empty document. No witness says so; the ordinary values do.
#include "runtime/lens/proof.h"
#include "runtime/lens/text.h"

using namespace twoway;

struct LenientJson {
  using Sql = sql::Text;
  using PocketBase = pocketbase::Text;
  static constexpr Fidelity fidelity = Fidelity::iso;
  template <class Scratch>
  static constexpr Value get(const Field&, const Value& s, Scratch&) {
    const bool document = s.bytes().starts_with('{') && s.bytes().ends_with('}');
    return document ? s : Value::text("{}");
  }
  template <class Scratch>
  static constexpr Value put(const Field&, const Value& p, Scratch&) {
    return p;
  }
  static constexpr auto sql_witnesses(const Field&) { return std::array{Value::text("{}")}; }
  static constexpr auto pocketbase_witnesses(const Field&) { return std::array{Value::text("{}")}; }
  static const LensFunctions functions;
};

namespace fields {
inline constexpr Field meta{.column = "meta", .name = "meta", .lens = "lenient", .position = "chat.yaml:33"};
}

#line 33 "mapping/x/entities/chat.yaml"
static_assert(twoway::proven_own<LenientJson, fields::meta>);
