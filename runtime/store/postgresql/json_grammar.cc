#include "runtime/store/postgresql/json_grammar.h"

#include <cstring>
#include <string>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace twoway::postgresql {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// The code unit of the four hex digits at `at`, or -1.
int code_unit(const char* at, const char* end) {
  if (end - at < 4) return -1;
  int unit = 0;
  for (int i = 0; i < 4; ++i) {
    const int digit = hex_value(at[i]);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

bool is_high(int unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool is_low(int unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

/// The escape whose backslash stands at `at`: its length, 0 where there is none, and whether it cannot become text.
struct Escape {
  std::size_t length = 0;
  bool unspeakable = false;
};

Escape escape_at(const char* at, const char* end) {
  if (end - at < 2) return {};
  if (at[1] != 'u') return {std::string_view("\"\\/bfnrt").find(at[1]) == std::string_view::npos ? 0U : 2U, false};
  const int unit = code_unit(at + 2, end);
  if (unit < 0) return {};
  if (unit == 0 || is_low(unit)) return {6, true};
  if (!is_high(unit)) return {6, false};
  const bool pair = end - at >= 12 && at[6] == '\\' && at[7] == 'u' && is_low(code_unit(at + 8, end));
  return pair ? Escape{12, false} : Escape{6, true};
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  JsonFindings run() {
    findings_.valid = document();
    return findings_;
  }

 private:
  bool done() const { return at_ == end_; }
  char next() const { return done() ? '\0' : *at_; }

  void skip_space() {
    while (at_ < end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r')) ++at_;
  }

  bool take(char c) {
    if (next() != c || done()) return false;
    ++at_;
    return true;
  }

  /// To the next quote, backslash or control character.
  void skip_plain() {
#ifdef __SSE2__
    while (end_ - at_ >= 16) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at_));
      const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
      const __m128i backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
      const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
      const int mask = _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, backslash), control));
      if (mask != 0) {
        at_ += __builtin_ctz(static_cast<unsigned>(mask));
        return;
      }
      at_ += 16;
    }
#endif
    while (at_ < end_ && *at_ != '"' && *at_ != '\\' && static_cast<unsigned char>(*at_) >= 0x20) ++at_;
  }

  bool string() {
    if (!take('"')) return false;
    while (true) {
      skip_plain();
      if (take('"')) return true;
      if (next() != '\\') return false;  // the end, or a control character
      const Escape escape = escape_at(at_, end_);
      if (escape.length == 0) return false;
      findings_.unspeakable = findings_.unspeakable || escape.unspeakable;
      at_ += escape.length;
    }
  }

  bool digits() {
    const char* const begin = at_;
    while (at_ < end_ && is_digit(*at_)) ++at_;
    return at_ > begin;
  }

  bool number() {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (next() == 'e' || next() == 'E') {
      ++at_;
      if (!take('+')) take('-');
      if (!digits()) return false;
    }
    return true;
  }

  bool literal(std::string_view word) {
    if (static_cast<std::size_t>(end_ - at_) < word.size() || std::memcmp(at_, word.data(), word.size()) != 0) {
      return false;
    }
    at_ += word.size();
    return true;
  }

  bool scalar() {
    switch (next()) {
      case '"': return string();
      case 't': return literal("true");
      case 'f': return literal("false");
      case 'n': return literal("null");
      default: return number();
    }
  }

  bool name() {
    skip_space();
    if (!string()) return false;
    skip_space();
    return take(':');
  }

  bool open(char bracket) {
    ++at_;
    open_.push_back(bracket);
    findings_.too_deep = open_.size() > deepest_json;
    return !findings_.too_deep;
  }

  /// One value's beginning: true and `complete` where the value is whole by now, else it is an open bracket.
  bool begin_value(bool& complete) {
    skip_space();
    const char c = next();
    complete = c != '{' && c != '[';
    if (complete) return scalar();
    if (!open(c)) return false;
    skip_space();
    if (take(c == '{' ? '}' : ']')) {
      open_.pop_back();
      complete = true;
      return true;
    }
    return c == '[' || name();
  }

  bool document() {
    while (true) {
      bool complete = false;
      if (!begin_value(complete)) return false;
      while (complete) {
        skip_space();
        if (open_.empty()) return done();
        if (take(',')) {
          if (open_.back() == '{' && !name()) return false;
          complete = false;
        } else {
          if (!take(open_.back() == '{' ? '}' : ']')) return false;
          open_.pop_back();
        }
      }
    }
  }

  const char* at_;
  const char* end_;
  std::string open_;
  JsonFindings findings_;
};

}  // namespace

JsonFindings examine_json(std::string_view text) { return Scanner(text).run(); }

std::string_view speakable_json(std::string_view text, Arena& arena) {
  char* const out = arena.allocate(text.size());
  std::memcpy(out, text.data(), text.size());
  const char* const end = out + text.size();
  // A backslash stands within strings only, so the rest needs no reading.
  for (char* at = out; at < end;) {
    at = static_cast<char*>(std::memchr(at, '\\', static_cast<std::size_t>(end - at)));
    if (at == nullptr) break;
    const Escape escape = escape_at(at, end);
    if (escape.unspeakable) std::memcpy(at + 2, "fffd", 4);
    at += escape.length == 0 ? 1 : escape.length;
  }
  return {out, text.size()};
}

}  // namespace twoway::postgresql
