// Bytes as hexadecimal digits.
#pragma once

#include <string>
#include <string_view>

namespace twoway {

inline constexpr std::string_view hexadecimal_digits = "0123456789abcdef";

/// Two digits a byte, a to f in lower case.
inline void append_hexadecimal(std::string& out, std::string_view bytes) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += hexadecimal_digits[byte >> 4];
    out += hexadecimal_digits[byte & 15];
  }
}

inline std::string hexadecimal(std::string_view bytes) {
  std::string text;
  append_hexadecimal(text, bytes);
  return text;
}

}  // namespace twoway
