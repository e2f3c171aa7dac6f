// Lens `email`: TEXT <-> email. The transform shows what PocketBase refuses in the `login` field.
#pragma once

#include <array>

#include "runtime/lens/empty.h"
#include "runtime/lens/lens.h"

namespace twoway::lens {

namespace email {

constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_alphanumeric(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }

/// `label.label.tld`: labels of letters, digits and inner hyphens; the last of two letters or more.
constexpr bool domain_acceptable(std::string_view domain) {
  std::size_t labels = 0;
  while (true) {
    const std::size_t dot = domain.find('.');
    const std::string_view label = domain.substr(0, dot);
    if (label.empty() || label.front() == '-' || label.back() == '-') return false;
    bool letters = true;
    for (const char c : label) {
      if (!is_alphanumeric(c) && c != '-') return false;
      letters = letters && is_letter(c);
    }
    ++labels;
    if (dot == std::string_view::npos) return letters && label.size() >= 2 && labels >= 2;
    domain.remove_prefix(dot + 1);
  }
}

/// True where PocketBase's email field certainly accepts the address. (It accepts some more: quoted and non-ASCII
/// ones. Those are shown in `login`.)
constexpr bool acceptable(std::string_view address) {
  constexpr std::size_t most_bytes = 250;
  const std::size_t at = address.find('@');
  if (at == std::string_view::npos || at == 0 || address.size() >= most_bytes) return false;
  const std::string_view local = address.substr(0, at);
  if (local.front() == '.' || local.back() == '.') return false;
  for (std::size_t i = 0; i < local.size(); ++i) {
    const char c = local[i];
    if (!is_alphanumeric(c) && std::string_view("._%+-").find(c) == std::string_view::npos) return false;
    if (c == '.' && (local[i - 1] == '.' || local[i - 1] == '-' || local[i + 1] == '-')) return false;
  }
  return domain_acceptable(address.substr(at + 1));
}

}  // namespace email

/// Addresses that PocketBase accepts go over as they are, others as empty.
struct Email {
  using Sql = sql::Text;
  using PocketBase = pocketbase::Email;
  static constexpr Fidelity fidelity = Fidelity::iso;

  template <class Scratch>
  static constexpr Value get(const Field&, const Value& s, Scratch&) {
    return s.is_text() && email::acceptable(s.bytes()) ? s : Value::text("");
  }

  template <class Scratch>
  static constexpr Value put(const Field& field, const Value& p, Scratch&) {
    return p.is_null() || p.is_empty_text() ? empty_text(field) : p;
  }

  static constexpr auto sql_witnesses(const Field& field) {
    return std::array{empty_text(field), Value::text("a@b.co"), Value::text("Mixed.Case+tag@Mail.Example.com"),
                      Value::text("x_1%y-z@a-b.org")};
  }
  static constexpr auto pocketbase_witnesses(const Field&) {
    return std::array{Value::text(""), Value::text("a@b.co"), Value::text("A@B.CO")};
  }
  static const LensFunctions functions;
};

}  // namespace twoway::lens
