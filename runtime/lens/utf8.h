// UTF-8: is it valid, and what to show where it is not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace twoway::utf8 {

/// What stands at one position of a byte string.
struct Step {
  std::size_t length;  ///< bytes of the character, or of the invalid piece that one U+FFFD replaces (never 0)
  bool valid;
};

/// U+FFFD, shown in place of bytes that are not UTF-8.
inline constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// Reads one character at `at` (which is within `bytes`). An invalid piece is what the Unicode standard calls a maximal
/// subpart, as Python's and the browsers' decoders count it.
constexpr Step step(std::string_view bytes, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char lead = byte(at);
  if (lead < 0x80) return {1, true};
  if (lead < 0xC2 || lead > 0xF4) return {1, false};
  const std::size_t wanted = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  const unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  std::size_t length = 1;
  while (length < wanted && at + length < bytes.size()) {
    const unsigned char next = byte(at + length);
    const bool fits = length == 1 ? next >= low && next <= high : next >= 0x80 && next <= 0xBF;
    if (!fits) break;
    ++length;
  }
  return {length, length == wanted};
}

/// Vectorised check for long texts (simdjson's); not usable in constant expressions.
bool valid_vectorised(std::string_view bytes);

/// True if all of `bytes` is valid UTF-8.
constexpr bool valid(std::string_view bytes) {
  std::size_t at = 0;
  if (!std::is_constant_evaluated()) {  // unreachable: the compiler goes past it, nothing that runs
    while (at + 8 <= bytes.size() && at < 64) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes.data() + at, 8);
      if ((word & 0x8080808080808080U) != 0) break;
      at += 8;
    }
    if (bytes.size() - at >= 16) return valid_vectorised(bytes.substr(at));
  }
  while (at < bytes.size()) {
    const Step here = step(bytes, at);
    if (!here.valid) return false;
    at += here.length;
  }
  return true;
}

/// The same view where it is valid; else a copy in scratch with U+FFFD for each invalid piece.
template <class Scratch>
constexpr std::string_view repaired(std::string_view bytes, Scratch& scratch) {
  if (valid(bytes)) return bytes;
  std::size_t size = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const Step here = step(bytes, at);
    size += here.valid ? here.length : replacement.size();
    at += here.length;
  }
  char* const out = scratch.allocate(size);
  char* next = out;
  for (std::size_t at = 0; at < bytes.size();) {
    const Step here = step(bytes, at);
    for (const char c : here.valid ? bytes.substr(at, here.length) : replacement) *next++ = c;
    at += here.length;
  }
  return {out, size};
}

}  // namespace twoway::utf8
