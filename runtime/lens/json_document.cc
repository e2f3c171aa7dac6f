#include "runtime/lens/json_document.h"

#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <charconv>
#include <cstring>
#include <iterator>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "runtime/lens/utf8.h"

// Why no library's parser: simdjson builds a tape of up to 14 times the document, lets lone surrogates pass and refuses
// big integers; Boost.JSON recurses; both leave duplicate keys to a second walk. This scanner reads once, at their
// speed, and tests/runtime/lens_json_test.cc holds it against both.
namespace twoway::json_document {
namespace {

/// A key of an object that is still open.
struct Key {
  std::uint64_t hash;     ///< of the key with its escapes read
  std::string_view text;  ///< as it stands in the document, escapes and all
};

/// Bytes of the document to be replaced.
struct Edit {
  const char* begin;
  const char* end;
  std::string_view replacement;
};

constexpr std::uint64_t each_byte = 0x0101010101010101U;
constexpr std::uint64_t high_bits = 0x8080808080808080U;

std::uint64_t load(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

/// A bit in the high half of each byte that ends a run of plain characters: a quote, a backslash, a control character.
/// The lowest one is exact; above it may be others that a borrow made.
std::uint64_t special_bytes(std::uint64_t word) {
  const std::uint64_t quote = word ^ (each_byte * '"');
  const std::uint64_t backslash = word ^ (each_byte * '\\');
  return (((quote - each_byte) & ~quote) | ((backslash - each_byte) & ~backslash) |
          ((word - each_byte * 0x20) & ~word)) &
         high_bits;
}

#ifdef __SSE2__
/// The same for 16 bytes: a bit for each of them.
int special_bytes(__m128i bytes) {
  const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
  const __m128i backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
  const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
  return _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, backslash), control));
}
#endif

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_high_surrogate(std::uint32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low_surrogate(std::uint32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

constexpr std::ptrdiff_t unit_bytes = 6;

/// The number of the `\uXXXX` that stands at `at`; nullopt where none does.
std::optional<std::uint32_t> unicode_unit(const char* at, const char* end) {
  if (end - at < unit_bytes || at[0] != '\\' || at[1] != 'u') return std::nullopt;
  std::uint32_t unit = 0;
  if (std::from_chars(at + 2, at + unit_bytes, unit, 16).ptr != at + unit_bytes) return std::nullopt;
  return unit;
}

/// One `\uXXXX`, or the two of a surrogate pair.
struct UnicodeEscape {
  std::uint32_t point;  ///< U+FFFD for a lone surrogate
  bool lone_surrogate;
  const char* end;  ///< behind it
};

/// What stands at `at`; nullopt where no `\uXXXX` does.
std::optional<UnicodeEscape> unicode_escape(const char* at, const char* end) {
  const auto unit = unicode_unit(at, end);
  if (!unit) return std::nullopt;
  at += unit_bytes;
  if (!is_high_surrogate(*unit) && !is_low_surrogate(*unit)) return UnicodeEscape{*unit, false, at};
  const auto low = unicode_unit(at, end);
  if (!is_high_surrogate(*unit) || !low || !is_low_surrogate(*low)) return UnicodeEscape{0xFFFD, true, at};
  return UnicodeEscape{0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00), false, at + unit_bytes};
}

void append_utf8(std::string& out, std::uint32_t point) {
  const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80 | (point >> shift & 0x3F)); };
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0 | point >> 6);
    tail(0);
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0 | point >> 12);
    tail(6), tail(0);
  } else {
    out += static_cast<char>(0xF0 | point >> 18);
    tail(12), tail(6), tail(0);
  }
}

/// The text of a string whose escapes are known to be well formed; lone surrogates become U+FFFD.
std::string unescaped(std::string_view text) {
  std::string out;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    if (*at != '\\') {
      out += *at++;
      continue;
    }
    if (const auto escape = unicode_escape(at, end)) {
      append_utf8(out, escape->point);
      at = escape->end;
      continue;
    }
    const std::size_t which = std::string_view("bfnrt").find(at[1]);
    out += which == std::string_view::npos ? at[1] : "\b\f\n\r\t"[which];
    at += 2;
  }
  return out;
}

/// Of a key with its escapes read.
std::uint64_t hash_of(std::string_view key) {
  const auto hash = [](std::string_view text) { return XXH3_64bits(text.data(), text.size()); };
  return key.find('\\') == std::string_view::npos ? hash(key) : hash(unescaped(key));
}

/// Negative, 0 or positive; 0 for keys that are equal once their escapes are read.
int compare(const Key& a, const Key& b) {
  if (a.hash != b.hash) return a.hash < b.hash ? -1 : 1;
  return unescaped(a.text).compare(unescaped(b.text));
}

/// True where the number's magnitude is beyond a double. `digits` are its characters, a well-formed JSON number.
bool beyond_double(const char* begin, const char* end) {
  double value = 0;
  if (std::from_chars(begin, end, value).ec != std::errc::result_out_of_range) return false;
  // Out of range is too large or too small: find out by the exponent of the first digit that is not zero.
  const char* const exponent_at = std::find_if(begin, end, [](char c) { return c == 'e' || c == 'E'; });
  const char* const dot = std::find(begin, exponent_at, '.');
  const char* const first = std::find_if(begin, exponent_at, [](char c) { return c >= '1'; });  // others: `-`, `.`, 0
  assert(first != exponent_at);                                                                 // zero is in range
  std::int64_t exponent = 0;
  if (exponent_at != end) {
    const char* number = exponent_at + 1;
    if (*number == '+') ++number;
    if (std::from_chars(number, end, exponent).ec == std::errc::result_out_of_range) return *number != '-';
  }
  const std::int64_t limit = std::numeric_limits<std::int64_t>::max() / 2;
  return std::clamp(exponent, -limit, limit) + (dot - first) > 0;
}

/// Memory that one scan after another uses, one per thread.
struct Memory {
  std::vector<Key> keys;            ///< of the objects that are open, outermost first
  std::vector<std::uint32_t> open;  ///< for each open object the index of its first key; `array` for an array

  static constexpr std::size_t kept_keys = 16'384;
  void clear() {
    // Not `= {}`, which empties it and keeps its memory.
    if (keys.capacity() > kept_keys) keys = std::vector<Key>();
    keys.clear();
    open.clear();
  }
};

/// Reads a document once, which has no white space around it.
class Scanner {
 public:
  /// With `edits`, goes on after damage and notes what to replace; without, stops there.
  Scanner(std::string_view text, Memory& memory, std::vector<Edit>* edits)
      : at_(text.data()), end_(text.data() + text.size()), memory_(memory), edits_(edits) {}
  ~Scanner() { memory_.clear(); }
  Scanner(const Scanner&) = delete;
  Scanner& operator=(const Scanner&) = delete;

  Verdict run() {
    if (!document()) return verdict_;
    return at_ == end_ ? verdict_ : Verdict::invalid;
  }

 private:
  static constexpr std::uint32_t array = std::numeric_limits<std::uint32_t>::max();

  /// The text breaks the grammar here.
  bool invalid() {
    verdict_ = Verdict::invalid;
    return false;
  }
  bool or_invalid(bool good) {
    if (!good) verdict_ = Verdict::invalid;
    return good;
  }
  /// PocketBase would change or refuse what stands here. True where the scan goes on.
  bool damaged(const char* begin, const char* end, std::string_view replacement) {
    verdict_ = Verdict::damaged;
    if (edits_ == nullptr) return false;
    edits_->push_back({begin, end, replacement});
    return true;
  }

  void skip_space() {
    while (at_ < end_ && is_space(*at_)) ++at_;
  }
  bool skip(char c) {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }
  bool skip(std::string_view word) {
    if (static_cast<std::size_t>(end_ - at_) < word.size() || std::memcmp(at_, word.data(), word.size()) != 0)
      return false;
    at_ += word.size();
    return true;
  }

  /// One value with all that is in it.
  bool document() {
    while (true) {
      skip_space();
      if (at_ == end_) return invalid();
      if (*at_ == '{' || *at_ == '[') {
        const std::size_t depth = memory_.open.size();
        if (!enter()) return false;
        if (memory_.open.size() > depth) continue;
      } else if (!scalar()) {
        return false;
      }
      if (!leave()) return false;
      if (memory_.open.empty()) return true;
    }
  }

  /// Steps into an object or an array, to the first value in it, or past an empty one.
  bool enter() {
    if (memory_.open.size() == deepest) return invalid();
    const bool object = *at_++ == '{';
    skip_space();
    if (skip(object ? '}' : ']')) return true;
    memory_.open.push_back(object ? static_cast<std::uint32_t>(memory_.keys.size()) : array);
    return !object || key();
  }

  /// After a value: to the next one of the object or array that it is in, or out of those that end here.
  bool leave() {
    while (!memory_.open.empty()) {
      const std::uint32_t first_key = memory_.open.back();
      skip_space();
      if (skip(',')) {
        if (first_key == array) return true;
        skip_space();
        return key();
      }
      if (!skip(first_key == array ? ']' : '}')) return invalid();
      if (first_key != array) {
        if (!check_keys(first_key)) return false;
        memory_.keys.resize(first_key);
      }
      memory_.open.pop_back();
    }
    return true;
  }

  bool key() {
    const char* const begin = at_ + 1;
    if (!string()) return false;
    const std::string_view text(begin, at_ - 1);
    memory_.keys.push_back({hash_of(text), text});
    skip_space();
    return or_invalid(skip(':'));
  }

  bool scalar() {
    switch (*at_) {
      case '"':
        return string();
      case 't':
        return or_invalid(skip("true"));
      case 'f':
        return or_invalid(skip("false"));
      case 'n':
        return or_invalid(skip("null"));
      case 'N':
        return not_finite("NaN");
      case 'I':
        return not_finite("Infinity");
      case '-':
        if (std::string_view(at_, end_).starts_with("-I")) return not_finite("-Infinity");
        [[fallthrough]];
      default:
        return number();
    }
  }

  bool not_finite(std::string_view word) {
    const char* const begin = at_;
    return skip(word) ? damaged(begin, at_, "null") : invalid();
  }

  bool digits() {
    const char* const begin = at_;
    while (at_ < end_ && is_digit(*at_)) ++at_;
    return at_ > begin;
  }

  bool number() {
    constexpr std::ptrdiff_t surely_in_range = std::numeric_limits<double>::max_exponent10;
    const char* const begin = at_;
    skip('-');
    if (!skip('0') && !digits()) return invalid();
    if (skip('.') && !digits()) return invalid();
    bool exponent = false;
    if (at_ < end_ && (*at_ == 'e' || *at_ == 'E')) {
      exponent = true;
      ++at_;
      if (!skip('+')) skip('-');
      if (!digits()) return invalid();
    }
    if (!exponent && at_ - begin <= surely_in_range) return true;
    return !beyond_double(begin, at_) || damaged(begin, at_, "null");
  }

  bool string() {
    if (!skip('"')) return invalid();
    while (true) {
      skip_plain();
      if (at_ == end_) return invalid();
      if (*at_ == '"') {
        ++at_;
        return true;
      }
      if (*at_ != '\\') return invalid();
      if (!escape()) return false;
    }
  }

  /// To the next quote, backslash or control character.
  void skip_plain() {
#ifdef __SSE2__
    while (end_ - at_ >= 16) {
      const int special = special_bytes(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at_)));
      if (special != 0) {
        at_ += std::countr_zero(static_cast<unsigned>(special));
        return;
      }
      at_ += 16;
    }
#endif
    while (end_ - at_ >= 8) {
      const std::uint64_t special = special_bytes(load(at_));
      if (special != 0) {
        at_ += std::countr_zero(special) / 8;
        return;
      }
      at_ += 8;
    }
    while (at_ < end_ && *at_ != '"' && *at_ != '\\' && static_cast<unsigned char>(*at_) >= 0x20) ++at_;
  }

  bool escape() {
    if (const auto escape = unicode_escape(at_, end_)) {
      const char* const begin = std::exchange(at_, escape->end);
      return !escape->lone_surrogate || damaged(begin, at_, "\\ufffd");
    }
    ++at_;
    return or_invalid(at_ < end_ && std::string_view("\"\\/bfnrt").find(*at_++) != std::string_view::npos);
  }

  /// Looks for equal keys in the object that ends here.
  bool check_keys(std::size_t first) {
    constexpr std::size_t few = 12;
    const auto& keys = memory_.keys;
    const std::size_t count = keys.size() - first;
    if (count <= few) {
      for (std::size_t i = first; i < keys.size(); ++i) {
        for (std::size_t j = first; j < i; ++j) {
          if (compare(keys[i], keys[j]) == 0 && !superseded(j)) return false;
        }
      }
      return true;
    }
    std::vector<std::uint32_t> order(count);
    std::iota(order.begin(), order.end(), static_cast<std::uint32_t>(first));
    std::ranges::stable_sort(order, [&](std::uint32_t a, std::uint32_t b) { return compare(keys[a], keys[b]) < 0; });
    for (std::size_t i = 1; i < count; ++i) {
      if (compare(keys[order[i - 1]], keys[order[i]]) == 0 && !superseded(order[i - 1])) return false;
    }
    return true;
  }

  /// The member of this key has a later one of the same name: everything up to the next member goes.
  bool superseded(std::size_t key) {
    return damaged(memory_.keys[key].text.data() - 1, memory_.keys[key + 1].text.data() - 1, {});
  }

  const char* at_;
  const char* const end_;
  Memory& memory_;
  std::vector<Edit>* const edits_;
  Verdict verdict_ = Verdict::kept;
};

Memory& memory() {
  thread_local Memory of_this_thread;
  return of_this_thread;
}

std::string applied(std::string_view text, std::vector<Edit>& edits) {
  // An edit within a member that goes as a whole starts later and ends earlier than that one's. Those that begin at the
  // same place are the same.
  std::ranges::sort(edits, {}, &Edit::begin);
  std::string out;
  const char* at = text.data();
  for (const Edit& edit : edits) {
    if (edit.begin < at) continue;
    out.append(at, edit.begin);
    out.append(edit.replacement);
    at = edit.end;
  }
  out.append(at, text.data() + text.size());
  return out;
}

}  // namespace

Verdict check(std::string_view text) {
  constexpr std::string_view frequent[] = {"{}", "[]", "null", "true", "false"};
  if (std::ranges::find(frequent, text) != std::end(frequent)) return Verdict::kept;
  if (text.empty()) return Verdict::invalid;
  if (is_space(text.front()) || is_space(text.back()) || !utf8::valid(text)) return Verdict::damaged;
  return Scanner(text, memory(), nullptr).run();
}

std::optional<std::string> repaired(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  struct {
    std::string bytes;
    char* allocate(std::size_t size) {
      bytes.resize(size);
      return bytes.data();
    }
  } scratch;
  text = utf8::repaired(text, scratch);
  std::vector<Edit> edits;
  if (Scanner(text, memory(), &edits).run() == Verdict::invalid) return std::nullopt;
  return applied(text, edits);
}

}  // namespace twoway::json_document
