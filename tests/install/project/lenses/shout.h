// A lens of a user's own: text, with an exclamation mark in PocketBase.
#pragma once

#include <algorithm>
#include <array>

#include "runtime/lens/lens.h"

namespace shelf {

struct Shout {
  using Sql = twoway::sql::Text;
  using PocketBase = twoway::pocketbase::Text;
  static constexpr twoway::Fidelity fidelity = twoway::Fidelity::iso;

  template <class Scratch>
  static constexpr twoway::Value get(const twoway::Field&, const twoway::Value& s, Scratch& scratch) {
    if (!s.is_text()) return twoway::Value::text("!");
    char* const out = scratch.allocate(s.bytes().size() + 1);
    *std::copy(s.bytes().begin(), s.bytes().end(), out) = '!';
    return twoway::Value::text({out, s.bytes().size() + 1});
  }

  template <class Scratch>
  static constexpr twoway::Value put(const twoway::Field&, const twoway::Value& p, Scratch&) {
    if (!p.is_text()) return twoway::Value::text("");
    std::string_view text = p.bytes();
    if (text.ends_with('!')) text.remove_suffix(1);
    return twoway::Value::text(text);
  }

  static constexpr auto sql_witnesses(const twoway::Field&) {
    return std::array{twoway::Value::text(""), twoway::Value::text("a"), twoway::Value::text("a!")};
  }
  static constexpr auto pocketbase_witnesses(const twoway::Field&) {
    return std::array{twoway::Value::text("!"), twoway::Value::text("a!"), twoway::Value::text("a!!")};
  }
  static const twoway::LensFunctions functions;
};

inline const twoway::LensFunctions Shout::functions = twoway::functions_of<Shout>();

}  // namespace shelf
