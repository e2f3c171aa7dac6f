// Bytes as hexadecimal digits.
#pragma once

#include <string>
#include <string_view>

namespace twoway {

/// Two digits a byte, a to f in lower case.
inline std::string hexadecimal(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

}  // namespace twoway
