#include "tests/runtime/lens_values.h"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <new>

#include "runtime/lens/civil_time.h"
#include "runtime/lens/decimal.h"
#include "runtime/lens/utf8.h"

namespace twoway::lens_test {
namespace {

std::uint64_t bits() { return *rc::gen::resize(100, rc::gen::arbitrary<std::uint64_t>()); }

/// A number below `limit`.
std::size_t below(std::size_t limit) { return *rc::gen::inRange<std::size_t>(0, limit); }

template <class T, std::size_t n>
T one_of(const T (&choices)[n]) {
  return choices[below(n)];
}

std::string piece_of_text() {
  static const char* const pieces[] = {"a",
                                       "Z",
                                       " ",
                                       "0",
                                       "\n",
                                       "'",
                                       "\"",
                                       "\\",
                                       "\x7F",
                                       "\xC3\xA9",
                                       "\xE2\x82\xAC",
                                       "\xF0\x9F\x99\x82",
                                       "\xEF\xBF\xBD",
                                       "\xF4\x8F\xBF\xBF",
                                       "~",
                                       "NULL"};
  return below(8) == 0 ? std::string(1, '\0') : one_of(pieces);
}

std::string piece_of_rubbish() {
  static const char* const pieces[] = {"\xFF",         "\xC0\x80", "\xC3", "\xE2\x82",
                                       "\xED\xA0\x80", "\xF0\x9F", "\x80", "\xF5"};
  return below(2) == 0 ? piece_of_text() : one_of(pieces);
}

template <class Piece>
std::string joined(std::size_t most, Piece piece) {
  std::string out;
  for (std::size_t left = below(most + 1); left > 0; --left) out += piece();
  return out;
}

std::string date_text(std::int64_t granularity_ms) {
  const auto span = static_cast<std::uint64_t>(civil_time::latest_ms - civil_time::earliest_ms);
  const std::int64_t ms = civil_time::earliest_ms + static_cast<std::int64_t>(bits() % span);
  const std::int64_t whole = (ms - ms % granularity_ms);
  proof::Scratch scratch;
  return std::string(civil_time::show(whole, scratch).bytes());
}

std::string document(std::size_t depth);

std::string json_string() {
  static const char* const pieces[] = {
      "a",       "key",     "\\n",     "\\\"", "\\u0061", "\\u00e9", "\xC3\xA9", "\\\\", "\\ud83d\\ude42",
      "\\ud83d", "\\ude42", "\\ufffd", "\x01", "\\x",     "\xFF",    "\\u12",    "\\/",  "\\ud83d\\u0041"};
  constexpr std::size_t harmless = 9;
  std::string out = "\"";
  for (std::size_t left = below(4); left > 0; --left)
    out += pieces[below(below(12) == 0 ? std::size(pieces) : harmless)];
  return out + '"';
}

std::string json_scalar() {
  static const char* const scalars[] = {"0",
                                        "-1",
                                        "12345678901234567890",
                                        "1.50",
                                        "1e3",
                                        "-0.0",
                                        "5e-324",
                                        "1E+2",
                                        "true",
                                        "false",
                                        "null",
                                        "1e-400",
                                        "1e400",
                                        "NaN",
                                        "-Infinity",
                                        "01",
                                        "-",
                                        "1.",
                                        "nul",
                                        "1e",
                                        "+1",
                                        "0.0000001e315"};
  constexpr std::size_t harmless = 12;
  if (below(3) == 0) return json_string();
  if (below(40) == 0) return std::string(290 + below(40), '9');
  return scalars[below(below(20) == 0 ? std::size(scalars) : harmless)];
}

std::string space() { return below(6) == 0 ? one_of({" ", "\n", "\t", "\r\n"}) : ""; }

std::string document(std::size_t depth) {
  if (depth == 0 || below(3) == 0) return space() + json_scalar() + space();
  const bool object = below(2) == 0;
  std::string out = object ? "{" : "[";
  const std::size_t members = below(8) == 0 ? below(30) : below(4);
  for (std::size_t i = 0; i < members; ++i) {
    if (i > 0) out += ",";
    if (object) {
      // Mostly different keys, else there would be hardly a document without a double one.
      out += space() + (below(10) == 0 ? json_string() : "\"k" + std::to_string(i) + "\"") + space() + ":";
    }
    out += document(depth - 1);
  }
  return out + space() + (below(60) == 0 ? "" : object ? "}" : "]");
}

}  // namespace

Fenced::Fenced()
    : memory_(static_cast<char*>(mmap(nullptr, 2 * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))) {
  if (memory_ == MAP_FAILED || mprotect(memory_ + size, size, PROT_NONE) != 0) throw std::bad_alloc();
}

Fenced::~Fenced() { munmap(memory_, 2 * size); }

std::string_view Fenced::copy(std::string_view text) {
  char* const begin = memory_ + size - text.size();
  std::copy(text.begin(), text.end(), begin);
  return {begin, text.size()};
}

rc::Gen<std::int64_t> any_integer() {
  return rc::gen::exec([] {
    static constexpr std::int64_t borders[] = {0,
                                               1'000,
                                               100'000'000'000,
                                               253'402'300'799,
                                               -62'135'596'800,
                                               253'402'300'799'999,
                                               -62'135'596'800'000,
                                               9'223'372'036'854'775'807,
                                               std::int64_t{1} << 53,
                                               -(std::int64_t{1} << 53),
                                               1'700'000'000,
                                               1'700'000'000'123,
                                               1'763'697'783'123'456'789};
    if (below(2) == 0) return static_cast<std::int64_t>(bits()) >> below(64);
    const auto near = static_cast<std::uint64_t>(below(5)) - 2;
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(one_of(borders)) + near);
  });
}

rc::Gen<double> any_real() {
  return rc::gen::exec([] {
    static constexpr double some[] = {0.0,
                                      -0.0,
                                      1.0,
                                      -3.0,
                                      0.1,
                                      1.5,
                                      1e17,
                                      1e300,
                                      9223372036854775808.0,
                                      -9223372036854775808.0,
                                      5e-324,
                                      std::numeric_limits<double>::infinity(),
                                      std::numeric_limits<double>::quiet_NaN()};
    if (below(3) == 0) return std::bit_cast<double>(bits());
    return below(2) == 0 ? one_of(some) : static_cast<double>(static_cast<std::int64_t>(bits()) >> below(60)) / 8;
  });
}

rc::Gen<std::string> any_text() {
  return rc::gen::exec([] { return joined(40, piece_of_text); });
}

rc::Gen<std::string> any_date(std::int64_t granularity_ms) {
  return rc::gen::exec([granularity_ms] { return date_text(granularity_ms); });
}

rc::Gen<std::string> any_document() {
  return rc::gen::exec([] {
    std::string text = document(4);
    if (below(4) != 0 && text.size() > 2) {  // without the white space that most would have around them
      const std::size_t first = text.find_first_not_of(" \n\t\r");
      text = text.substr(first, text.find_last_not_of(" \n\t\r") + 1 - first);
    }
    if (below(10) == 0 && !text.empty()) text[below(text.size())] = one_of({'"', ',', '{', ']', '\\', ' ', '0', '\0'});
    return text;
  });
}

rc::Gen<std::string> any_bytes() {
  return rc::gen::exec([]() -> std::string {
    static const char* const times[] = {"2024-02-29",
                                        "2024-02-30",
                                        "0001-01-01",
                                        "2024-02-29T12:34:56+05:30",
                                        "2024-02-29 12:34:56.7",
                                        "2024-02-29 12:34:56.789012",
                                        "2024-02-29 12:34Z",
                                        "0000-01-01",
                                        "1970-01-01 00:00:00.000Z",
                                        "9999-12-31 23:59:59.999-01:00",
                                        "2024-1-1",
                                        "!",
                                        "a@b.co",
                                        "a@localhost",
                                        "x@y.z"};
    switch (below(5)) {
      case 0:
        return joined(30, piece_of_text);
      case 1:
        return joined(30, piece_of_rubbish);
      case 2:
        return one_of(times);
      case 3:
        return date_text(1);
      default:
        return *any_document();
    }
  });
}

rc::Gen<Cell> any_cell() {
  return rc::gen::exec([]() -> Cell {
    switch (below(6)) {
      case 0:
        return {};
      case 1:
        return integer_cell(*any_integer());
      case 2:
        return real_cell(*any_real());
      case 3:
        return {.kind = Kind::blob, .bytes = *any_bytes()};
      default:
        return text_cell(*any_bytes());
    }
  });
}

}  // namespace twoway::lens_test
