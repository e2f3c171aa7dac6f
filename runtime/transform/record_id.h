// Record ids: SQL keys of any kind <-> text that PocketBase takes as an id. Injective, also where case is folded.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "runtime/lens/decimal.h"
#include "runtime/lens/utf8.h"
#include "runtime/model/value.h"

namespace twoway::record_id {

// Grammar. Parts are joined by `~_`. A part is
//   ~n             NULL            ~z   the empty text
//   ~i-12          an integer      ~r + 16 hex digits: the bits of a real
//   ~x + hex       a blob
//   else text: bytes as they are, except that A-Z, control characters, . / \ | " ' ` < > : ? * % $ ~ space DEL, C1
//   controls and bytes that are not UTF-8 become ~ and two lower hex digits; a part that is a device name (con, prn,
//   aux, nul, com0-9, lpt0-9) has its first letter escaped. UUIDs stay as they are.
// PocketBase compares ids without regard to case (facts: pocketbase.md, section 1), hence no upper case letters.
// Each key has exactly one encoding; any other text that would decode to the same key is not canonical.

/// The longest encoding of these parts, in bytes.
constexpr std::size_t bound(std::span<const Value> parts);

/// Encodes a key. The text is made with `scratch.allocate`, or is the key's own where it is one text that needs no
/// escape.
template <class Scratch>
constexpr std::string_view encode(std::span<const Value> parts, Scratch& scratch);

/// Decodes into `parts`; returns the number of parts found (which may exceed parts.size(), then the rest is not
/// written), or 0 where the text is no canonical encoding. Text points into `id` where nothing was escaped, else into
/// scratch.
template <class Scratch>
constexpr std::size_t decode(std::string_view id, std::span<Value> parts, Scratch& scratch);

/// The id field's `pattern` (Go RE2 syntax): admits exactly what PocketBase can address and what decodes canonically.
extern const std::string_view pattern;

namespace detail {

inline constexpr std::string_view separator = "~_";
inline constexpr std::string_view hex_digits = "0123456789abcdef";

/// The ASCII characters that stay as they are.
inline constexpr std::array<bool, 128> plain = [] {
  std::array<bool, 128> table{};
  for (unsigned c = 0x21; c < 0x7F; ++c) {
    const char character = static_cast<char>(c);
    const bool upper = character >= 'A' && character <= 'Z';
    table[c] = !upper && std::string_view("./\\|\"'`<>:?*%$~").find(character) == std::string_view::npos;
  }
  return table;
}();

constexpr bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < plain.size() && plain[byte];
}

/// Names that PocketBase refuses as an id, in any case.
constexpr bool is_device_name(std::string_view part) {
  if (part.size() == 3) return part == "con" || part == "prn" || part == "aux" || part == "nul";
  if (part.size() != 4 || part[3] < '0' || part[3] > '9') return false;
  return part.substr(0, 3) == "com" || part.substr(0, 3) == "lpt";
}

constexpr bool all_plain(std::string_view text) {
  for (const char c : text) {
    if (!is_plain(c)) return false;
  }
  return true;
}

/// How many bytes at `at` stand for one character that stays as it is; 0 where the byte there is to be escaped.
constexpr std::size_t kept_bytes(std::string_view text, std::size_t at) {
  if (static_cast<unsigned char>(text[at]) < 0x80) return is_plain(text[at]) ? 1 : 0;
  const utf8::Step step = utf8::step(text, at);
  if (!step.valid) return 0;
  const bool c1_control = text[at] == '\xC2' && static_cast<unsigned char>(text[at + 1]) < 0xA0;
  return c1_control ? 0 : step.length;
}

/// Appends an escape or plain bytes to memory.
class Writer {
 public:
  constexpr explicit Writer(char* out) : next_(out) {}
  constexpr bool bytes(std::string_view text) {
    for (const char c : text) *next_++ = c;
    return true;
  }
  constexpr char* end() const { return next_; }

 private:
  char* next_;
};

/// Instead of writing, compares with what is there.
class Comparer {
 public:
  constexpr explicit Comparer(std::string_view wanted) : wanted_(wanted) {}
  constexpr bool bytes(std::string_view text) {
    if (wanted_.substr(0, text.size()) != text) return false;
    wanted_.remove_prefix(text.size());
    return true;
  }
  constexpr bool done() const { return wanted_.empty(); }

 private:
  std::string_view wanted_;
};

template <class Sink>
constexpr bool put_hex(std::string_view bytes, Sink& sink) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    const char pair[2] = {hex_digits[byte >> 4], hex_digits[byte & 15]};
    if (!sink.bytes({pair, 2})) return false;
  }
  return true;
}

template <class Sink>
constexpr bool put_escape(char c, Sink& sink) {
  return sink.bytes("~") && put_hex({&c, 1}, sink);
}

/// Text that is not empty. False as soon as the sink says so.
template <class Sink>
constexpr bool put_text(std::string_view text, Sink& sink) {
  std::size_t at = 0;
  if (is_device_name(text)) {
    if (!put_escape(text[0], sink)) return false;
    at = 1;
  }
  while (at < text.size()) {
    const std::size_t kept = kept_bytes(text, at);
    if (kept == 0) {
      // A C1 control is two bytes of valid UTF-8, so its second byte must not be looked at on its own.
      const std::size_t escaped = utf8::step(text, at).valid ? utf8::step(text, at).length : 1;
      for (const std::size_t end = at + escaped; at < end; ++at) {
        if (!put_escape(text[at], sink)) return false;
      }
    } else {
      if (!sink.bytes(text.substr(at, kept))) return false;
      at += kept;
    }
  }
  return true;
}

template <class Sink>
constexpr void put_part(const Value& part, Sink& sink) {
  switch (part.kind()) {
    case Kind::null:
      sink.bytes("~n");
      return;
    case Kind::integer: {
      char digits[decimal::integer_bytes]{};
      const char* const end = decimal::write_integer(digits, part.as_integer());
      sink.bytes("~i");
      sink.bytes({digits, static_cast<std::size_t>(end - digits)});
      return;
    }
    case Kind::real: {
      sink.bytes("~r");
      const auto bits = std::bit_cast<std::uint64_t>(part.as_real());
      for (unsigned shift = 64; shift > 0; shift -= 4) sink.bytes({&hex_digits[(bits >> (shift - 4)) & 15], 1});
      return;
    }
    case Kind::blob:
      sink.bytes("~x");
      put_hex(part.bytes(), sink);
      return;
    case Kind::text:
      if (part.bytes().empty()) {
        sink.bytes("~z");
      } else {
        put_text(part.bytes(), sink);
      }
      return;
  }
}

/// The value of a lower-case hex digit, or -1.
constexpr int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// The byte written as two hex digits at `at`, or -1.
constexpr int hex_byte(std::string_view text, std::size_t at) {
  if (at + 2 > text.size()) return -1;
  const int high = hex_value(text[at]);
  const int low = hex_value(text[at + 1]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

constexpr std::optional<Value> read_real(std::string_view hex) {
  if (hex.size() != 16) return std::nullopt;
  std::uint64_t bits = 0;
  for (const char c : hex) {
    if (hex_value(c) < 0) return std::nullopt;
    bits = bits << 4 | static_cast<unsigned>(hex_value(c));
  }
  return Value::real(std::bit_cast<double>(bits));
}

template <class Scratch>
constexpr std::optional<Value> read_blob(std::string_view hex, Scratch& scratch) {
  if (hex.size() % 2 != 0) return std::nullopt;
  char* const out = scratch.allocate(hex.size() / 2);
  for (std::size_t at = 0; at < hex.size(); at += 2) {
    const int byte = hex_byte(hex, at);
    if (byte < 0) return std::nullopt;
    out[at / 2] = static_cast<char>(byte);
  }
  return Value::blob({out, hex.size() / 2});
}

template <class Scratch>
constexpr std::optional<Value> read_text(std::string_view part, Scratch& scratch) {
  std::string_view text = part;
  if (part.find('~') != std::string_view::npos) {
    char* const out = scratch.allocate(part.size());
    std::size_t size = 0;
    for (std::size_t at = 0; at < part.size(); ++at) {
      if (part[at] != '~') {
        out[size++] = part[at];
        continue;
      }
      const int byte = hex_byte(part, at + 1);
      if (byte < 0) return std::nullopt;
      out[size++] = static_cast<char>(byte);
      at += 2;
    }
    text = {out, size};
  }
  Comparer again(part);
  if (!put_text(text, again) || !again.done()) return std::nullopt;
  return Value::text(text);
}

template <class Scratch>
constexpr std::optional<Value> read_part(std::string_view part, Scratch& scratch) {
  if (part.empty()) return std::nullopt;
  if (part.size() < 2 || part[0] != '~' || hex_value(part[1]) >= 0) return read_text(part, scratch);
  const std::string_view rest = part.substr(2);
  switch (part[1]) {
    case 'n':
      return rest.empty() ? std::optional(Value::null()) : std::nullopt;
    case 'z':
      return rest.empty() ? std::optional(Value::text("")) : std::nullopt;
    case 'i': {
      const auto integer = decimal::read_integer(rest);
      return integer ? std::optional(Value::integer(*integer)) : std::nullopt;
    }
    case 'r':
      return read_real(rest);
    case 'x':
      return read_blob(rest, scratch);
    default:
      return std::nullopt;
  }
}

}  // namespace detail

constexpr std::size_t bound(std::span<const Value> parts) {
  std::size_t bytes = 0;
  for (const Value& part : parts) {
    // A separator, and then at most a tag with 20 digits, or each byte as an escape of three.
    bytes += detail::separator.size() + 2 + decimal::integer_bytes;
    if (part.is_text() || part.is_blob()) bytes += part.bytes().size() * 3;
  }
  return bytes;
}

template <class Scratch>
constexpr std::string_view encode(std::span<const Value> parts, Scratch& scratch) {
  if (parts.size() == 1 && parts[0].is_text()) {
    const std::string_view text = parts[0].bytes();
    if (!text.empty() && detail::all_plain(text) && !detail::is_device_name(text)) return text;
  }
  char* const out = scratch.allocate(bound(parts));
  detail::Writer writer(out);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) writer.bytes(detail::separator);
    detail::put_part(parts[i], writer);
  }
  return {out, static_cast<std::size_t>(writer.end() - out)};
}

template <class Scratch>
constexpr std::size_t decode(std::string_view id, std::span<Value> parts, Scratch& scratch) {
  std::size_t count = 0;
  while (true) {
    const std::size_t end = id.find(detail::separator);
    const std::optional<Value> part = detail::read_part(id.substr(0, end), scratch);
    if (!part) return 0;
    if (count < parts.size()) parts[count] = *part;
    ++count;
    if (end == std::string_view::npos) return count;
    id.remove_prefix(end + detail::separator.size());
  }
}

}  // namespace twoway::record_id
