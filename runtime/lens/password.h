// Lens `password`: TEXT, a password hash <-> password.
#pragma once

#include <array>

#include "runtime/lens/empty.h"
#include "runtime/lens/lens.h"
#include "runtime/lens/utf8.h"

namespace twoway::lens {

/// Hashes go over as they are, also those that PocketBase cannot verify. No hash at all (NULL, '', bytes that are no
/// text) is shown as `!`, which no password verifies against, because PocketBase requires one.
struct Password {
  using Sql = sql::Text;
  using PocketBase = pocketbase::Password;
  static constexpr Fidelity fidelity = Fidelity::iso;
  static constexpr std::string_view none = "!";

  template <class Scratch>
  static constexpr Value get(const Field&, const Value& s, Scratch&) {
    return s.is_text() && !s.bytes().empty() && utf8::valid(s.bytes()) ? s : Value::text(none);
  }

  template <class Scratch>
  static constexpr Value put(const Field& field, const Value& p, Scratch&) {
    return p.is_null() || p.is_empty_text() || (p.is_text() && p.bytes() == none) ? empty_text(field) : p;
  }

  static constexpr auto sql_witnesses(const Field& field) {
    return std::array{empty_text(field), Value::text("$2b$12$KIXQJ8eYbqvZ1o0Qf7hB9u"),
                      Value::text("$argon2id$v=19$m=65536"), Value::text("{SSHA}x")};
  }
  static constexpr auto pocketbase_witnesses(const Field&) {
    return std::array{Value::text("!"), Value::text("$2a$10$abcdefghijklmnopqrstuv")};
  }
  static const LensFunctions functions;
};

}  // namespace twoway::lens
