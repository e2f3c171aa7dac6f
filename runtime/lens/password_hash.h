// What a password hash is, by its form.
#pragma once

#include <cstdint>
#include <string_view>

#include "runtime/lens/password.h"

namespace twoway::lens {

enum class PasswordHash : std::uint8_t {
  none,     ///< '', or the `!` that stands for it
  bcrypt,   ///< `$2a$`, `$2b$` or `$2y$`, whole: PocketBase verifies it
  argon2,   ///< of any kind
  unknown,  ///< anything else
};

/// `$2b$12$` and 53 characters of bcrypt's own base64: 22 of salt, 31 of hash (the form of crypt(3), as Go's
/// golang.org/x/crypto/bcrypt reads it).
constexpr bool is_bcrypt(std::string_view hash) {
  constexpr std::size_t length = 60, prefix = 7;
  if (hash.size() != length || !hash.starts_with("$2") || hash[3] != '$' || hash[6] != '$') return false;
  if (hash[2] != 'a' && hash[2] != 'b' && hash[2] != 'y') return false;
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!digit(hash[4]) || !digit(hash[5])) return false;
  const int cost = (hash[4] - '0') * 10 + (hash[5] - '0');
  if (cost < 4 || cost > 31) return false;
  for (const char c : hash.substr(prefix)) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && !digit(c) && c != '.' && c != '/') return false;
  }
  return true;
}

constexpr PasswordHash password_hash(const Value& hash) {
  if (!hash.is_text() || hash.bytes().empty() || hash.bytes() == Password::none) return PasswordHash::none;
  if (is_bcrypt(hash.bytes())) return PasswordHash::bcrypt;
  return hash.bytes().starts_with("$argon2") ? PasswordHash::argon2 : PasswordHash::unknown;
}

}  // namespace twoway::lens
