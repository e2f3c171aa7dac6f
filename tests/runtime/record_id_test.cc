// Record ids: every byte, every pair of bytes, random keys; one encoding a key; the pattern admits just those.
#include "runtime/transform/record_id.h"

#include <limits>
#include <optional>
#include <regex>
#include <unordered_set>
#include <vector>

#include "tests/runtime/lens_values.h"

namespace twoway::lens_test {
namespace {

std::string encoded(std::initializer_list<Value> parts) {
  Arena arena;
  const std::string id(record_id::encode(std::span(parts.begin(), parts.size()), arena));
  EXPECT_LE(id.size(), record_id::bound(std::span(parts.begin(), parts.size())));
  return id;
}

bool canonical(std::string_view id) {
  Arena arena;
  return record_id::decode(id, {}, arena) > 0;
}

/// Code points of what Go's regexp would see.
std::optional<std::wstring> code_points(std::string_view bytes) {
  std::wstring out;
  for (std::size_t at = 0; at < bytes.size();) {
    const utf8::Step step = utf8::step(bytes, at);
    if (!step.valid) return std::nullopt;
    const auto lead = static_cast<unsigned char>(bytes[at]);
    std::uint32_t point = step.length == 1 ? lead : lead & (0xFFU >> (step.length + 1));
    for (std::size_t i = 1; i < step.length; ++i)
      point = point << 6 | (static_cast<unsigned char>(bytes[at + i]) & 0x3FU);
    out += static_cast<wchar_t>(point);
    at += step.length;
  }
  return out;
}

bool admitted(std::string_view id) {
  static const std::wregex pattern = [] {
    std::wstring wide(record_id::pattern.begin(), record_id::pattern.end());
    return std::wregex(wide, std::regex::ECMAScript);
  }();
  const auto wide = code_points(id);
  return wide && std::regex_match(*wide, pattern);
}

std::string folded(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

TEST(RecordId, Examples) {
  EXPECT_EQ(encoded({Value::text("8b5e2b1c-12ab-4f0e-9d7a-0123456789ab")}), "8b5e2b1c-12ab-4f0e-9d7a-0123456789ab");
  EXPECT_EQ(encoded({Value::text("Case")}), "~43ase");
  EXPECT_EQ(encoded({Value::text("gpt-4o:latest")}), "gpt-4o~3alatest");
  EXPECT_EQ(encoded({Value::text("a/b"), Value::text("u1")}), "a~2fb~_u1");
  EXPECT_EQ(encoded({Value::null()}), "~n");
  EXPECT_EQ(encoded({Value::text("")}), "~z");
  EXPECT_EQ(encoded({Value::integer(-12)}), "~i-12");
  EXPECT_EQ(encoded({Value::real(1.5)}), "~r3ff8000000000000");
  EXPECT_EQ(encoded({Value::blob({"\0\xFF", 2})}), "~x00ff");
  EXPECT_EQ(encoded({Value::blob("")}), "~x");
  EXPECT_EQ(encoded({Value::text("con")}), "~63on");
  EXPECT_EQ(encoded({Value::text("CON")}), "~43~4f~4e");
  EXPECT_EQ(encoded({Value::text("com7"), Value::text("cons")}), "~63om7~_cons");
  EXPECT_EQ(encoded({Value::text("\xC3\xA9\xC2\x80\xC3")}), "\xC3\xA9~c2~80~c3");
  EXPECT_EQ(encoded({Value::text("~41")}), "~7e41");
  EXPECT_EQ(encoded({Value::text({"nul\0id", 6})}), "nul~00id");
}

TEST(RecordId, PlainKeysAreNotCopied) {
  Arena arena;
  const std::string key = "8b5e2b1c-12ab-4f0e-9d7a-0123456789ab";
  const Value part = Value::text(key);
  EXPECT_EQ(record_id::encode({&part, 1}, arena).data(), key.data());
  Value back;
  ASSERT_EQ(record_id::decode(key, {&back, 1}, arena), 1U);
  EXPECT_EQ(back.bytes().data(), key.data());
}

TEST(RecordId, IdsMadeInPocketBaseAreCanonical) {
  for (const char* id : {"a1b2c3d4e5f6g7h", "000000000000000", "8b5e2b1c-12ab-4f0e-9d7a-0123456789ab", "x", "_", "-"}) {
    EXPECT_TRUE(canonical(id)) << id;
    EXPECT_TRUE(admitted(id)) << id;
  }
}

TEST(RecordId, WhatIsNotCanonical) {
  for (const char* id : {
           "", "A", "a.b", "a b", "~", "~4", "~41~", "~61", "~2d", "~2F", "~e", "~n1", "~z~z", "~i", "~i01", "~i-0",
           "~i9223372036854775808", "~i-9223372036854775809", "~r0", "~r3FF8000000000000", "~x0", "~xFF", "con",
           "com0", "lpt9", "~63o", "~63ons", "a~_", "~_a", "a~_~_b", "a~_con", "~c3~a9", "~e2~82~ac", "\xFF",
           "\xC2\x80", "~f0~9f~99~82"}) {
    EXPECT_FALSE(canonical(id)) << id;
    EXPECT_FALSE(admitted(id)) << id;
  }
}

TEST(RecordId, EveryByteAndEveryPairOfBytes) {
  std::unordered_set<std::string> ids;
  Arena arena;
  for (unsigned pair = 0; pair < 256 + 256 * 256; ++pair) {
    std::string bytes(1, static_cast<char>(pair & 255));
    if (pair >= 256) bytes += static_cast<char>((pair >> 8) - 1);
    const Value part = Value::text(bytes);
    const std::string id(record_id::encode({&part, 1}, arena));
    Value back;
    ASSERT_EQ(record_id::decode(id, {&back, 1}, arena), 1U) << id;
    ASSERT_TRUE(same(back, part)) << id;
    ASSERT_TRUE(ids.insert(folded(id)).second) << id;
    // std::regex is slow, so it sees each byte and some of the pairs.
    ASSERT_TRUE((pair >= 256 && pair % 7 != 0) || admitted(id)) << id;
    arena.reset();
  }
}

TEST(RecordId, IntegersOfEveryMagnitude) {
  for (const std::int64_t border :
       {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(), std::int64_t{0},
        std::int64_t{999'999'999'999'999'999}, std::int64_t{1'000'000'000'000'000'000}}) {
    EXPECT_TRUE(admitted(encoded({Value::integer(border)}))) << border;
    EXPECT_TRUE(canonical(encoded({Value::integer(border)}))) << border;
  }
}

RC_GTEST_PROP(RecordId, EveryKeyComesBack, ()) {
  const auto cells = *rc::gen::container<std::vector<Cell>>(3, any_cell());
  const Value parts[] = {cells[0].value(), cells[1].value(), cells[2].value()};
  const std::size_t count = *rc::gen::inRange<std::size_t>(1, 4);
  Arena arena;
  const std::string id(record_id::encode({parts, count}, arena));
  RC_LOG() << id;
  RC_ASSERT(id.size() <= record_id::bound({parts, count}));
  Value back[3];
  RC_ASSERT(record_id::decode(id, back, arena) == count);
  for (std::size_t i = 0; i < count; ++i) RC_ASSERT(same(back[i], parts[i]));
  RC_ASSERT(utf8::valid(id));
  RC_ASSERT(folded(id) == id);
}

/// What record ids are made of, whole and broken.
const std::vector<std::string> pieces = {
    "a", "c", "o", "n", "m", "1", "9", "p", "r", "u", "x", "l", "t", "con", "com1", "lpt", "nul", "~", "~_", "~n",
    "~z", "~i", "-", "0", "~i922337203685477580", "7", "8", "~r", "0123456789abcdef", "~x", "ff", "~63", "on",
    "~70rn", "~61", "~6e", "ul", "~6cpt", "~c2", "~80", "~9f", "~a0", "~bf", "~c3", "~e0", "~e1", "~ed", "~ef", "~f0",
    "~f1", "~f4", "~f5", "~90", "~8f", "~c0", "\xC3\xA9", "\xF0\x9F\x99\x82", "\xC2\x80", "\xC2\xA0", "A", "~41",
    "~20", "~2e", "~2d", "~7e", "~7f", "~00", "~1f", ".", " ", "_", "~C3", "~4", "\xFF"};

RC_GTEST_PROP(RecordId, ThePatternAdmitsWhatDecodes, ()) {
  for (int i = 0; i < 20; ++i) {
    std::string id;
    for (std::size_t left = *rc::gen::inRange<std::size_t>(1, 7); left > 0; --left) id += *rc::gen::elementOf(pieces);
    RC_LOG() << id;
    RC_ASSERT(canonical(id) == admitted(id));
  }
}

}  // namespace
}  // namespace twoway::lens_test
