// Lens `base64`: BLOB <-> text, in base64 (RFC 4648, section 4, with padding).
#pragma once

#include <array>

#include "runtime/lens/decimal.h"
#include "runtime/lens/empty.h"
#include "runtime/lens/lens.h"

namespace twoway::lens {

namespace base64 {

inline constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The value of a digit; 64 for what is none.
inline constexpr std::array<unsigned char, 256> values = [] {
  std::array<unsigned char, 256> table{};
  for (unsigned char& value : table) value = 64;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    table[static_cast<unsigned char>(digits[i])] = static_cast<unsigned char>(i);
  }
  return table;
}();

/// The bytes as text, in scratch.
template <class Scratch>
constexpr std::string_view encode(std::string_view bytes, Scratch& scratch) {
  const std::size_t size = (bytes.size() + 2) / 3 * 4;
  char* const out = scratch.allocate(size);
  for (std::size_t at = 0, to = 0; at < bytes.size(); at += 3, to += 4) {
    unsigned group = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      group = group << 8 | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      const bool padding = at + i > bytes.size();
      out[to + i] = padding ? '=' : digits[group >> (18 - 6 * i) & 63];
    }
  }
  return {out, size};
}

/// True for what encode() makes: no blanks, padded, and no bits set that stand for nothing.
constexpr bool is_canonical(std::string_view text) {
  if (text.size() % 4 != 0) return false;
  std::size_t digit_count = text.size();
  while (digit_count > 0 && text.size() - digit_count < 2 && text[digit_count - 1] == '=') --digit_count;
  unsigned char last = 0;
  for (const char c : text.substr(0, digit_count)) {
    last = values[static_cast<unsigned char>(c)];
    if (last == 64) return false;
  }
  const std::size_t padding = text.size() - digit_count;
  return (padding != 1 || (last & 3) == 0) && (padding != 2 || (last & 15) == 0);
}

/// The bytes of a canonical text, in scratch.
template <class Scratch>
constexpr std::string_view decode(std::string_view text, Scratch& scratch) {
  std::size_t size = text.size() / 4 * 3;
  if (text.ends_with('=')) --size;
  if (text.ends_with("==")) --size;
  char* const out = scratch.allocate(size);
  for (std::size_t at = 0, to = 0; at < text.size(); at += 4, to += 3) {
    unsigned group = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const unsigned char value = values[static_cast<unsigned char>(text[at + i])];
      group = group << 6 | (value == 64 ? 0U : value);
    }
    for (std::size_t i = 0; i < 3 && to + i < size; ++i) out[to + i] = static_cast<char>(group >> (16 - 8 * i) & 255);
  }
  return {out, size};
}

}  // namespace base64

/// Bytes go over as their base64. Shown otherwise: text and numbers as the base64 of what they are written with. What
/// people write into the field and is no base64 becomes the bytes of that text.
struct Base64 {
  using Sql = sql::Blob;
  using PocketBase = pocketbase::Text;
  static constexpr Fidelity fidelity = Fidelity::iso;

  template <class Scratch>
  static constexpr Value get(const Field&, const Value& s, Scratch& scratch) {
    switch (s.kind()) {
      case Kind::blob:
      case Kind::text:
        return Value::text(base64::encode(s.bytes(), scratch));
      case Kind::integer:
        return Value::text(base64::encode(decimal::integer_text(s.as_integer(), scratch), scratch));
      case Kind::real:
        return Value::text(base64::encode(decimal::real_text(s.as_real(), scratch), scratch));
      case Kind::null:
        break;
    }
    return Value::text("");
  }

  template <class Scratch>
  static constexpr Value put(const Field& field, const Value& p, Scratch& scratch) {
    if (p.is_text() && !p.is_empty_text()) {
      return Value::blob(base64::is_canonical(p.bytes()) ? base64::decode(p.bytes(), scratch) : p.bytes());
    }
    return field.empty == Empty::null ? Value::null() : Value::blob("");
  }

  static constexpr auto sql_witnesses(const Field& field) {
    return std::array{field.empty == Empty::null ? Value::null() : Value::blob(""), Value::blob("a"),
                      Value::blob({"\0\xFF", 2}), Value::blob({"\xFB\xEF\xBE", 3}), Value::blob("text")};
  }
  static constexpr auto pocketbase_witnesses(const Field&) {
    return std::array{Value::text(""), Value::text("YQ=="), Value::text("AP8="), Value::text("++++"),
                      Value::text("dGV4dA==")};
  }
  static const LensFunctions functions;
};

}  // namespace twoway::lens
