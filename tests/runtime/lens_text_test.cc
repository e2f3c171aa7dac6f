// The lenses for text, numbers and what belongs to a person: the cases by name.
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "runtime/lens/base64.h"
#include "runtime/lens/boolean.h"
#include "runtime/lens/boolean_negated.h"
#include "runtime/lens/decimal.h"
#include "runtime/lens/email.h"
#include "runtime/lens/number.h"
#include "runtime/lens/numeric.h"
#include "runtime/lens/password.h"
#include "runtime/lens/real.h"
#include "runtime/lens/text.h"
#include "runtime/lens/utf8.h"
#include "tests/runtime/lens_values.h"

namespace twoway::lens_test {
namespace {

std::string repaired(std::string_view bytes) {
  Arena arena;
  return std::string(utf8::repaired(bytes, arena));
}

/// The character that U+`point` is, by the definition of UTF-8.
std::string utf8_of(std::uint32_t point) {
  std::string out;
  const auto add = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (point < 0x80) return add(point), out;
  if (point < 0x800) return add(0xC0 | point >> 6), add(0x80 | (point & 63)), out;
  if (point < 0x10000) return add(0xE0 | point >> 12), add(0x80 | (point >> 6 & 63)), add(0x80 | (point & 63)), out;
  return add(0xF0 | point >> 18), add(0x80 | (point >> 12 & 63)), add(0x80 | (point >> 6 & 63)),
         add(0x80 | (point & 63)), out;
}

TEST(Utf8, EveryCodePoint) {
  for (std::uint32_t point = 0; point < 0x120000; ++point) {
    const bool surrogate = point >= 0xD800 && point < 0xE000;
    const std::string bytes = utf8_of(point);
    const utf8::Step step = utf8::step(bytes, 0);
    ASSERT_EQ(step.valid, !surrogate && point < 0x110000) << point;
    ASSERT_EQ(step.valid && step.length != bytes.size(), false) << point;
  }
}

/// A row of Table 3-7 of the Unicode standard: which bytes begin a character, and what may come second.
struct Lead {
  unsigned first, last;
  std::size_t bytes;
  unsigned low = 0x80, high = 0xBF;
};
constexpr Lead leads[] = {{0x00, 0x7F, 1},
                          {0xC2, 0xDF, 2},
                          {0xE0, 0xE0, 3, 0xA0},
                          {0xE1, 0xEC, 3},
                          {0xED, 0xED, 3, 0x80, 0x9F},
                          {0xEE, 0xEF, 3},
                          {0xF0, 0xF0, 4, 0x90},
                          {0xF1, 0xF3, 4},
                          {0xF4, 0xF4, 4, 0x80, 0x8F}};

/// How many of the bytes are a character, or the beginning of one; 1 for a byte that begins none.
std::pair<std::size_t, bool> by_the_table(const std::string& bytes) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(bytes[i])); };
  for (const Lead& lead : leads) {
    if (byte(0) < lead.first || byte(0) > lead.last) continue;
    std::size_t length = 1;
    while (length < lead.bytes && length < bytes.size() && byte(length) >= (length == 1 ? lead.low : 0x80) &&
           byte(length) <= (length == 1 ? lead.high : 0xBF)) {
      ++length;
    }
    return {length, length == lead.bytes};
  }
  return {1, false};
}

TEST(Utf8, EveryBeginningIsAsTheStandardSays) {
  const std::string thirds("\x7F\x80\xBF\xC0");
  for (unsigned pair = 0; pair < 0x10000; ++pair) {
    for (std::size_t tail = 0; tail < 16; ++tail) {
      const std::string bytes = {static_cast<char>(pair >> 8), static_cast<char>(pair & 255), thirds[tail / 4],
                                 thirds[tail % 4]};
      const utf8::Step step = utf8::step(bytes, 0);
      ASSERT_EQ(std::pair(step.length, step.valid), by_the_table(bytes)) << pair << " " << tail;
    }
    const std::string two = {static_cast<char>(pair >> 8), static_cast<char>(pair & 255)};
    const utf8::Step step = utf8::step(two, 0);
    ASSERT_EQ(std::pair(step.length, step.valid), by_the_table(two)) << pair;
  }
}

TEST(Utf8, EveryPairOfBytesIsJudgedAlikeBySteps_AndVectorised) {
  for (unsigned pair = 0; pair < 0x10000; ++pair) {
    const std::string bytes = {static_cast<char>(pair >> 8), static_cast<char>(pair & 255)};
    const std::string longer = std::string(70, 'a') + bytes + std::string(20, 'b');
    ASSERT_EQ(utf8::valid(bytes), utf8::valid_vectorised(bytes)) << pair;
    ASSERT_EQ(utf8::valid(longer), utf8::valid_vectorised(longer)) << pair;
  }
}

/// Texts are read in steps, the first of them 8 bytes at once: what is wrong is found wherever it stands.
TEST(Utf8, EveryPlaceInTextsOfEveryLength) {
  Fenced memory;
  for (std::size_t size = 0; size < 100; ++size) {
    const std::string ascii(size, 'a');
    EXPECT_TRUE(utf8::valid(memory.copy(ascii))) << size;
    for (std::size_t at = 0; at < size; ++at) {
      std::string text = ascii;
      text[at] = '\xFF';
      EXPECT_FALSE(utf8::valid(memory.copy(text))) << size << " " << at;
      EXPECT_TRUE(utf8::valid(memory.copy(std::string(text).replace(at, 1, "\u00e9")))) << size << " " << at;
      EXPECT_FALSE(utf8::valid(memory.copy(text.substr(0, at) + "\xC3"))) << at << "half a character at the end";
    }
  }
}

RC_GTEST_PROP(Utf8, StepsAndVectorisedAgree, ()) {
  const std::string bytes = *any_bytes() + *any_bytes() + *any_bytes();
  bool valid = true;
  for (std::size_t at = 0; at < bytes.size();) {
    const utf8::Step step = utf8::step(bytes, at);
    valid = valid && step.valid;
    at += step.length;
  }
  RC_ASSERT(valid == utf8::valid(bytes));
  RC_ASSERT(valid == utf8::valid_vectorised(bytes));
  RC_ASSERT(utf8::valid(repaired(bytes)));
}

TEST(Utf8, OneReplacementForEachMaximalSubpart) {
  EXPECT_EQ(repaired("a\xFF"
                     "b"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(repaired("\xE2\x82"), "\xEF\xBF\xBD");
  EXPECT_EQ(repaired("\xE2\x82x"), "\xEF\xBF\xBDx");
  EXPECT_EQ(repaired("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(repaired("\xF0\x9F\x99"), "\xEF\xBF\xBD");
}

TEST(Decimal, IntegersAreReadAsTheyAreWritten) {
  for (const std::int64_t value :
       {std::int64_t{0}, std::int64_t{7}, std::int64_t{-1}, std::int64_t{100}, std::numeric_limits<std::int64_t>::max(),
        std::numeric_limits<std::int64_t>::min()}) {
    EXPECT_EQ(decimal::read_integer(std::to_string(value)), value);
  }
  for (const char* text :
       {"", "-", "-0", "00", "01", "-01", "012", "+1", " 1", "1 ", "1x", "x", "1.0", "9223372036854775808",
        "-9223372036854775809", "9999999999999999999", "18446744073709551617", "-18446744073709551617"}) {
    EXPECT_EQ(decimal::read_integer(text), std::nullopt) << text;
  }
}

TEST(Decimal, WholeNumbersThatFitAreIntegers) {
  EXPECT_TRUE(same(decimal::numeric(-9223372036854775808.0), Value::integer(std::numeric_limits<std::int64_t>::min())));
  EXPECT_TRUE(same(decimal::numeric(9223372036854774784.0), Value::integer(9223372036854774784)));
  EXPECT_TRUE(same(decimal::numeric(9223372036854775808.0), Value::real(9223372036854775808.0)));
  EXPECT_TRUE(same(decimal::numeric(-9223372036854777856.0), Value::real(-9223372036854777856.0)));
}

TEST(LensText, Cases) {
  using L = lens::Text;
  EXPECT_EQ(get<L>(Value::null()), "text[]");
  EXPECT_EQ(get<L>(Value::integer(-5)), "text[-5]");
  EXPECT_EQ(get<L>(Value::integer(std::numeric_limits<std::int64_t>::min())), "text[-9223372036854775808]");
  EXPECT_EQ(get<L>(Value::real(1.5)), "text[1.5]");
  EXPECT_EQ(get<L>(Value::blob("\x01\xFF")), "text[????]") << "one control character and U+FFFD";
  EXPECT_EQ(put<L>(Value::text("")), "NULL");
  EXPECT_EQ(put<L>(Value::text(""), not_null), "text[]");
  EXPECT_EQ(put<L>(Value::null(), not_null), "text[]");
  EXPECT_EQ(put<L>(Value::text("x")), "text[x]");
}

TEST(LensBoolean, Cases) {
  using L = lens::Boolean;
  EXPECT_EQ(get<L>(Value::integer(7)), "1");
  EXPECT_EQ(get<L>(Value::text("x")), "1");
  EXPECT_EQ(get<L>(Value::null()), "0");
  EXPECT_EQ(get<L>(Value::real(0.0)), "0");
  EXPECT_EQ(put<L>(Value::integer(2)), "0") << "as PocketBase reads it";
  EXPECT_EQ(put<L>(Value::real(1.0)), "1");
  EXPECT_EQ(put<L>(Value::text("true")), "1");
  EXPECT_EQ(put<L>(Value::text("1")), "1");
  EXPECT_EQ(put<L>(Value::text("false")), "0");
  EXPECT_EQ(put<L>(Value::text("")), "NULL");
  EXPECT_EQ(put<L>(Value::blob("1")), "NULL");
  EXPECT_EQ(put<L>(Value::integer(0)), "0") << "false is a value, not emptiness";
}

TEST(LensBooleanNegated, Cases) {
  using L = lens::BooleanNegated;
  EXPECT_EQ(get<L>(Value::integer(0)), "1");
  EXPECT_EQ(get<L>(Value::integer(7)), "0");
  EXPECT_EQ(get<L>(Value::text("")), "1");
  EXPECT_EQ(get<L>(Value::null()), "0") << "not the opposite of what boolean shows";
  EXPECT_EQ(put<L>(Value::integer(0)), "1");
  EXPECT_EQ(put<L>(Value::integer(1)), "0");
  EXPECT_EQ(put<L>(Value::text("")), "NULL");
}

TEST(LensNumber, Cases) {
  using L = lens::Number;
  EXPECT_EQ(get<L>(Value::integer(9007199254740991)), "9007199254740991");
  EXPECT_EQ(get<L>(Value::integer(9007199254740993)), "9007199254740992") << "as a double";
  EXPECT_EQ(get<L>(Value::integer(1763697783123456789)), "1763697783123456768");
  EXPECT_EQ(get<L>(Value::real(3.0)), "3");
  EXPECT_EQ(get<L>(Value::real(1.5)), "1.5");
  EXPECT_EQ(get<L>(Value::real(std::numeric_limits<double>::infinity())), "0");
  EXPECT_EQ(get<L>(Value::real(std::numeric_limits<double>::quiet_NaN())), "0");
  EXPECT_EQ(get<L>(Value::text("12")), "0");
  EXPECT_EQ(put<L>(Value::real(3.0)), "3");
  EXPECT_EQ(put<L>(Value::real(1.5)), "1.5");
  EXPECT_EQ(put<L>(Value::real(std::numeric_limits<double>::infinity())), "NULL");
  EXPECT_EQ(put<L>(Value::text("12"), not_null), "0");
  EXPECT_EQ(put<L>(Value::integer(0)), "0") << "zero is a value, not emptiness";
}

TEST(LensReal, Cases) {
  using L = lens::Real;
  EXPECT_EQ(get<L>(Value::real(3.0)), "3") << "as PocketBase's column holds it";
  EXPECT_EQ(get<L>(Value::real(-0.0)), "0");
  EXPECT_EQ(get<L>(Value::integer(2)), "2");
  EXPECT_EQ(put<L>(Value::integer(3)), "3.0");
  EXPECT_EQ(put<L>(Value::real(0.25)), "0.25");
  EXPECT_EQ(get<L>(Value::real(std::numeric_limits<double>::infinity())), "0");
  EXPECT_EQ(get<L>(Value::text("1")), "0");
  EXPECT_EQ(put<L>(Value::real(std::numeric_limits<double>::quiet_NaN())), "NULL");
  EXPECT_EQ(put<L>(Value::text("1"), not_null), "0.0");
}

TEST(LensNumeric, Cases) {
  using L = lens::Numeric;
  EXPECT_EQ(get<L>(Value::integer(20)), "20");
  EXPECT_EQ(get<L>(Value::real(19.5)), "19.5");
  EXPECT_EQ(get<L>(Value::text("19.50")), "19.5") << "as PostgreSQL writes it";
  EXPECT_EQ(get<L>(Value::text("20.00")), "20");
  EXPECT_EQ(get<L>(Value::text("NaN")), "0");
  EXPECT_EQ(get<L>(Value::text("1e400")), "0");
  EXPECT_EQ(get<L>(Value::text("19.50x")), "0");
  EXPECT_EQ(lens::read_decimal("1e400"), std::nullopt);
  EXPECT_EQ(lens::read_decimal("1e-400"), std::nullopt);
  EXPECT_EQ(lens::read_decimal(std::string_view("1234", 2)), 12) << "digits behind it are not its own";
  EXPECT_EQ(get<L>(Value::null()), "0");
  EXPECT_EQ(get<L>(Value::real(std::numeric_limits<double>::infinity())), "0");
  EXPECT_EQ(put<L>(Value::real(std::numeric_limits<double>::quiet_NaN())), "NULL");
  EXPECT_EQ(put<L>(Value::integer(20)), "20");
  EXPECT_EQ(put<L>(Value::real(20.0)), "20") << "as a NUMERIC column holds it";
  EXPECT_EQ(put<L>(Value::text("x")), "NULL");
  EXPECT_EQ(put<L>(Value::text("x"), not_null), "0");
}

TEST(LensBase64, Cases) {
  using L = lens::Base64;
  EXPECT_TRUE(lens::base64::is_canonical(""));
  EXPECT_EQ(get<L>(Value::null()), "text[]");
  EXPECT_EQ(get<L>(Value::blob("")), "text[]");
  EXPECT_EQ(get<L>(Value::blob("f")), "text[Zg==]");
  EXPECT_EQ(get<L>(Value::blob("fo")), "text[Zm8=]");
  EXPECT_EQ(get<L>(Value::blob("foo")), "text[Zm9v]");
  EXPECT_EQ(get<L>(Value::blob("foobar")), "text[Zm9vYmFy]");
  EXPECT_EQ(get<L>(Value::text("f")), "text[Zg==]");
  EXPECT_EQ(get<L>(Value::integer(-5)), "text[LTU=]");
  EXPECT_EQ(put<L>(""), "NULL");
  EXPECT_EQ(put<L>("", not_null), "blob[]");
  EXPECT_EQ(put<L>("Zm9vYmE="), "blob[fooba]");
  EXPECT_EQ(put<L>("Zm9vYg=="), "blob[foob]");
  for (const char* other :
       {"Zm9vYh==", "Zm9vYmF=", "Zg=", "Zg", "=", "====", "Z===", "Zm 9v", "Zm9v\n", "hello!", "Zm.v", "Zm9!"}) {
    EXPECT_EQ(put<L>(other), "blob[" + shown(Value::text(other)).substr(5)) << "no base64, so it is bytes itself";
  }
}

TEST(LensEmail, AcceptsWhatPocketBaseAccepts) {
  for (const char* address : {"a@b.co", "A.b+c%d_e-f@Sub.Example.org", "x@1.com", "a@b-c.de", "1@2.aa"}) {
    EXPECT_TRUE(lens::email::acceptable(address)) << address;
  }
  for (const char* address :
       {"",         "@",        "a",        "a@b",           "admin@localhost", "a@b.c",     "a@b.c1",    "a@.co",
        "a@b..co",  "a@-b.co",  "a@b-.co",  "a@b.-co",       "a{@b.co",         "a^@b.co",   "a@b_c.co",  "a@b:c.co",
        "[x@b.co",  "a@{.co",   ".a@b.co",  "a.@b.co",       "a..b@c.de",       "a-.b@c.de", "a.-b@c.de", " lead@x.io",
        "a b@c.de", "a@b.co\n", "a@b@c.de", "\xC3\xA9@x.io", "a@\xC3\xA9.io",   "\"q\"@x.io",
        "b.co",     "@b.co"}) {
    EXPECT_FALSE(lens::email::acceptable(address)) << address;
  }
  EXPECT_FALSE(lens::email::acceptable(std::string_view("nul\0@x.io", 9)));
  EXPECT_FALSE(lens::email::acceptable(std::string(245, 'a') + "@b.co"));
  EXPECT_EQ(get<lens::Email>(Value::text("admin@localhost")), "text[]");
  EXPECT_EQ(put<lens::Email>(Value::null(), not_null), "text[]");
}

TEST(LensEmail, AcceptsEachByteWherePocketBaseDoes) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool in_domain = letter || (c >= '0' && c <= '9') || c == '.' || c == '-';
    const bool in_local = in_domain || c == '_' || c == '%' || c == '+';
    EXPECT_EQ(lens::email::acceptable(std::string("a") + c + "b@c.de"), in_local) << byte;
    EXPECT_EQ(lens::email::acceptable(std::string("a@b") + c + "c.de"), in_domain) << byte;
    EXPECT_EQ(lens::email::acceptable(std::string("a@b.d") + c + "e"), letter) << byte;
  }
  EXPECT_TRUE(lens::email::acceptable(std::string(244, 'a') + "@b.co"));
}

TEST(LensPassword, NoneIsAHashThatNothingVerifies) {
  using L = lens::Password;
  for (const Value& s : {Value::null(), Value::text(""), Value::integer(3), Value::blob("x"), Value::text("\xFF")}) {
    EXPECT_EQ(get<L>(s), "text[!]");
  }
  EXPECT_EQ(get<L>(Value::text("$argon2id$v=19")), "text[$argon2id$v=19]");
  EXPECT_EQ(put<L>(Value::text("!")), "NULL");
  EXPECT_EQ(put<L>(Value::text("!"), not_null), "text[]");
  EXPECT_EQ(put<L>(Value::null()), "NULL");
  EXPECT_EQ(put<L>(Value::null(), not_null), "text[]");
  EXPECT_EQ(put<L>(Value::text("")), "NULL");
  EXPECT_EQ(put<L>(Value::integer(3)), "3") << "whatever a server may answer";
}

}  // namespace
}  // namespace twoway::lens_test
