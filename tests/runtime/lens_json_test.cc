// The scanner behind the JSON lenses, held against Boost.JSON and simdjson, and the hard documents by name.
#include <malloc.h>
#include <simdjson.h>

#include <boost/json.hpp>
#include <boost/json/basic_parser_impl.hpp>
#include <cmath>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "runtime/lens/json.h"
#include "runtime/lens/json_document.h"
#include "runtime/lens/json_text.h"
#include "runtime/lens/json_value.h"
#include "runtime/lens/proof.h"
#include "tests/runtime/lens_values.h"

namespace twoway::lens_test {
namespace {

using json_document::Verdict;
namespace bj = boost::json;

// They scan documents at run time only, so who proves their laws when compiling is sent here.
static_assert(proven<lens::Json, nullable> && proven<lens::JsonText, nullable>);

/// What Boost.JSON says of a document that PocketBase may keep: its grammar, UTF-8 and surrogates, plus double keys and
/// numbers beyond a double's range.
struct Judge {
  constexpr static std::size_t max_object_size = static_cast<std::size_t>(-1);
  constexpr static std::size_t max_array_size = static_cast<std::size_t>(-1);
  constexpr static std::size_t max_key_size = static_cast<std::size_t>(-1);
  constexpr static std::size_t max_string_size = static_cast<std::size_t>(-1);
  using Error = bj::error_code&;

  bool on_document_begin(Error) { return true; }
  bool on_document_end(Error) { return true; }
  bool on_array_begin(Error) { return true; }
  bool on_array_end(std::size_t, Error) { return true; }
  bool on_object_begin(Error) { return keys.emplace_back(), true; }
  bool on_object_end(std::size_t, Error) { return keys.pop_back(), true; }
  bool on_string_part(bj::string_view, std::size_t, Error) { return true; }
  bool on_string(bj::string_view, std::size_t, Error) { return true; }
  bool on_key_part(bj::string_view part, std::size_t, Error) { return key.append(part.data(), part.size()), true; }
  bool on_key(bj::string_view part, std::size_t, Error) {
    key.append(part.data(), part.size());
    fine = keys.back().insert(key).second && fine;
    return key.clear(), true;
  }
  bool on_number_part(bj::string_view, Error) { return true; }
  bool on_int64(std::int64_t, bj::string_view, Error) { return true; }
  bool on_uint64(std::uint64_t, bj::string_view, Error) { return true; }
  bool on_double(double value, bj::string_view, Error) { return fine = std::isfinite(value) && fine, true; }
  bool on_bool(bool, Error) { return true; }
  bool on_null(Error) { return true; }
  bool on_comment_part(bj::string_view, Error) { return true; }
  bool on_comment(bj::string_view, Error) { return true; }

  std::vector<std::set<std::string>> keys;
  std::string key;
  bool fine = true;
};

bool kept_by_boost(std::string_view text) {
  const auto space = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
  if (text.empty() || space(text.front()) || space(text.back())) return false;
  bj::parse_options options;
  options.max_depth = 1000;
  bj::basic_parser<Judge> parser(options);
  bj::error_code error;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), error);
  return !error && read == text.size() && parser.handler().fine;
}

bool kept(std::string_view text) { return json_document::check(text) == Verdict::kept; }

RC_GTEST_PROP(JsonDocument, KeptIsWhatBoostSays, ()) {
  for (int i = 0; i < 10; ++i) {
    const std::string text = *any_document();
    RC_LOG() << text << "\n";
    RC_ASSERT(kept(text) == kept_by_boost(text));
  }
}

RC_GTEST_PROP(JsonDocument, AnyBytesAreJudgedAsBoostDoes, ()) {
  const std::string text = *any_bytes();
  RC_LOG() << text;
  RC_ASSERT(kept(text) == kept_by_boost(text));
}

RC_GTEST_PROP(JsonDocument, SimdjsonReadsWhatIsKept, ()) {
  const std::string text = *any_document();
  RC_PRE(kept(text));
  simdjson::dom::parser parser;
  const auto error = parser.parse(text).error();
  // It has no integers beyond 64 bits.
  RC_ASSERT(error == simdjson::SUCCESS || error == simdjson::NUMBER_ERROR);
}

RC_GTEST_PROP(JsonDocument, WhatIsRepairedIsKept, ()) {
  for (int i = 0; i < 10; ++i) {
    const std::string text = *any_document();
    const auto repaired = json_document::repaired(text);
    if (json_document::check(text) == Verdict::invalid) {
      RC_ASSERT(!repaired);
    } else if (repaired) {
      RC_LOG() << text << " -> " << *repaired << "\n";
      RC_ASSERT(kept(*repaired));
      RC_ASSERT(kept_by_boost(*repaired));
      RC_ASSERT(!kept(text) || *repaired == text);
    }
  }
}

/// A document of tests/e2e's hard database and what the prototype (whose round trip through PocketBase had no
/// difference) made of it.
struct Hard {
  std::string_view text;
  bool kept;
  const char* shown;  ///< where it is not kept: equal JSON; nullptr: shown as NULL
};

template <std::size_t n>
constexpr std::string_view raw(const char (&text)[n]) {
  return {text, n - 1};
}

const Hard hard[] = {
    {raw(R"({"a":1,"a":2})"), false, R"({"a":2})"},
    {raw(R"({"s":"\ud800"})"), false, R"({"s":"\ufffd"})"},
    {raw(R"({"s":"\ud83d\ude00 ok \\ud800"})"), true, nullptr},
    {raw(R"({"n":NaN})"), false, R"({"n":null})"},
    {raw(R"({"n":-Infinity})"), false, R"({"n":null})"},
    {raw(R"({"n":12345678901234567890})"), true, nullptr},
    {raw(R"({"n":1e400})"), false, R"({"n":null})"},
    {raw(R"({"n":1e-400,"z":-0.0,"f":5e-324})"), true, nullptr},
    {raw("3"), true, nullptr},
    {raw("-7"), true, nullptr},
    {raw("1.5"), true, nullptr},
    {raw("1e3"), true, nullptr},
    {raw("12345678901234567890"), true, nullptr},
    {raw("true"), true, nullptr},
    {raw("false"), true, nullptr},
    {raw("\"str\""), true, nullptr},
    {raw("\"3\""), true, nullptr},
    {raw("null"), true, nullptr},
    {raw(" null "), false, "null"},
    {raw("[]"), true, nullptr},
    {raw(" {\"lead\":1}"), false, R"({"lead":1})"},
    {raw("{\"trail\":1}\n"), false, R"({"trail":1})"},
    {raw("{\"a\": 1, \"b\" :\t[1 , 2]}"), true, nullptr},
    {raw("not json"), false, nullptr},
    {raw(""), false, nullptr},
    {raw("{"), false, nullptr},
    {raw(R"({"nul":"\u0000"})"), true, nullptr},
    {raw("{\"raw\0\":1}"), false, nullptr},
    {raw(R"({"\u0061":1,"a":2})"), false, R"({"a":2})"},
    {raw("\xEF\xBB\xBF{}"), false, nullptr},
    {raw("{\"b\":\"\x7F\"}"), true, nullptr},
    {raw("{\"html\":\"<&>\\u003c\xE2\x80\xA8\"}"), true, nullptr},
    {raw("01"), false, nullptr},
    {raw("-"), false, nullptr},
    {raw(R"("\x")"), false, nullptr},
    {raw("tru"), false, nullptr},
    {raw(R"({"x":1}{"y":2})"), false, nullptr},
    {raw("nan"), false, nullptr},
    {raw("Infinity"), false, "null"},
    {raw("-0"), true, nullptr},
    {raw("-0.0"), true, nullptr},
    {raw("1E2"), true, nullptr},
    {raw("0x10"), false, nullptr},
    {raw("\"unterminated"), false, nullptr},
    {raw(R"({"":1})"), true, nullptr},
    // The prototype showed these two as NULL; the last member wins here too.
    {raw(R"({"\ud800":1,"\ud801":2})"), false, R"({"\ufffd":2})"},
    {raw(R"({"\ufffd":1,"\ud800":2})"), false, R"({"\ufffd":2})"},
    {raw("007"), false, nullptr},
    {raw(" 5 "), false, "5"},
    {raw("{\"a\":\"\xFF\"}"), false, R"({"a":"\ufffd"})"},
    {raw("\xFF"), false, nullptr},
    {raw("\""), false, nullptr},
    {raw("[1,]"), false, nullptr},
    {raw("{\"a\":1,}"), false, nullptr},
    {raw("{\"a\"}"), false, nullptr},
    {raw("[1}"), false, nullptr},
    {raw("[\"\\u12G4\"]"), false, nullptr},
    {raw("[\"\\u-123\"]"), false, nullptr},
    {raw("[1e5000000000000000000000]"), false, "[null]"},
    {raw("[1e-5000000000000000000000,0e5000000000000000000000]"), true, nullptr},
};

TEST(JsonDocument, TheHardOnes) {
  for (const Hard& document : hard) {
    EXPECT_EQ(kept(document.text), document.kept) << document.text;
    if (document.kept) continue;
    const auto repaired = json_document::repaired(document.text);
    ASSERT_EQ(repaired.has_value(), document.shown != nullptr) << document.text;
    if (!repaired) continue;
    EXPECT_EQ(bj::parse(*repaired), bj::parse(document.shown)) << document.text << " -> " << *repaired;
  }
}

/// Documents that end too early are not read further.
TEST(JsonDocument, NothingIsReadBehindTheEnd) {
  Fenced memory;
  for (const std::string_view text :
       {raw(R"({"key\u00e9 \ud83d\ude00":"more than sixteen bytes\n","n":[-1.5e+10,0,[],{},true,false,null,-1E-5]})"),
        raw(R"(["\ud83d\udc",NaN,Infinity,-Infinity])"), raw(R"(["\ud83d\u0041","\udc00\udc00"])"),
        raw("[NaN,-Infinity]"), raw("[12345678,-12345678901234567890]"),
        raw("[\"1234567\",\"123456789abcdef0\",\"\xC3\xA9\"]")}) {
    for (std::size_t size = 0; size < text.size(); ++size) {
      EXPECT_FALSE(kept(memory.copy(text.substr(0, size)))) << text.substr(0, size);
      EXPECT_EQ(json_document::repaired(memory.copy(text.substr(0, size))), std::nullopt) << text.substr(0, size);
    }
    EXPECT_EQ(json_document::check(memory.copy(text)), json_document::check(text)) << text;
  }
}

/// Strings are read in steps of 16, 8 and 1: what ends one is found wherever it stands. An `n` is what may
/// stand behind a backslash, and behind nothing else that is found.
TEST(JsonDocument, EveryByteInStringsOfEveryLength) {
  for (std::size_t size = 1; size < 36; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::string text = '"' + std::string(size, 'n') + '"';
      for (int byte = 0; byte < 128; byte += byte == 0x24 ? 0x37 : byte == 0x5D ? 0x22 : 1) {
        text[1 + at] = static_cast<char>(byte);
        ASSERT_EQ(kept(text), byte >= 0x20 && byte != '"' && (byte != '\\' || at + 1 < size))
            << size << " " << at << " " << byte;
      }
      for (const char* character : {"\xC2\x80", "\xC2\xA2", "\xC3\x9C"}) {  // a quote and a backslash but for a bit
        ASSERT_TRUE(kept('"' + std::string(at, 'x') + character + std::string(size - at, 'x') + '"'))
            << size << " " << at;
      }
    }
  }
}

TEST(JsonDocument, SurrogatesInPairs) {
  const std::string units[] = {"0000", "0041", "d7ff", "D800", "d83d", "dbff", "dc00", "de42", "DFFF", "e000", "ffff"};
  for (const std::string& first : units) {
    for (const std::string& second : units) {
      const std::string text = "[\"\\u" + first + "\\u" + second + "\"]";
      EXPECT_EQ(kept(text), kept_by_boost(text)) << text;
    }
  }
  EXPECT_EQ(json_document::repaired(R"(["\ud83d"])"), R"(["\ufffd"])");
  EXPECT_EQ(json_document::repaired(R"(["\ud83d\u0041"])"), R"(["\ufffd\u0041"])");
  EXPECT_EQ(json_document::repaired(R"(["\udc00\ud83d\ude42\ud83d-"])"), R"(["\ufffd\ud83d\ude42\ufffd-"])");
}

std::string nested(const std::string& open, const std::string& middle, const std::string& close, std::size_t depth) {
  std::string out;
  for (std::size_t i = 0; i < depth; ++i) out += open;
  out += middle;
  for (std::size_t i = 0; i < depth; ++i) out += close;
  return out;
}

TEST(JsonDocument, Depth) {
  EXPECT_TRUE(kept(nested("[", "", "]", 200)));
  EXPECT_TRUE(kept(nested("{\"d\":", "1", "}", 200)));
  EXPECT_TRUE(kept(nested("[", "", "]", json_document::deepest)));
  EXPECT_FALSE(kept(nested("[", "", "]", json_document::deepest + 1)));
  EXPECT_EQ(json_document::repaired(nested("[", "", "]", 12'000)), std::nullopt);
}

TEST(JsonDocument, DigitsBeyondADouble) {
  EXPECT_TRUE(kept("[" + std::string(308, '9') + "]"));
  EXPECT_FALSE(kept("[" + std::string(310, '9') + "]"));
  EXPECT_FALSE(kept("{\"big\":" + std::string(5000, '9') + "}"));
  EXPECT_TRUE(kept("[0." + std::string(5000, '0') + "1]"));
  EXPECT_TRUE(kept("[1." + std::string(5000, '3') + "]"));
  EXPECT_TRUE(kept("[1" + std::string(400, '0') + "e-400]"));
  EXPECT_FALSE(kept("[0." + std::string(400, '0') + "1e800]"));
  EXPECT_TRUE(kept("[1.7976931348623157e308]"));
  EXPECT_FALSE(kept("[1.7976931348623159e308]"));
  EXPECT_TRUE(kept("[-" + std::string(308, '9') + "]"));
  EXPECT_TRUE(kept("[1" + std::string(308, '0') + "]"));
  EXPECT_FALSE(kept("[" + std::string(309, '9') + "]"));
  EXPECT_FALSE(kept("[1" + std::string(2000, '0') + "e-1000]"));
  EXPECT_TRUE(kept("[0." + std::string(2000, '0') + "1e1000]"));
  EXPECT_FALSE(kept("[0.1e+999]"));
  EXPECT_FALSE(kept("[10e9223372036854775807]"));
  EXPECT_TRUE(kept("[0.01e-9223372036854775807]"));
}

std::string object_of(std::size_t members, const std::string& last) {
  std::string out = "{";
  for (std::size_t i = 0; i < members; ++i) out += "\"key " + std::to_string(i) + "\":[" + std::to_string(i) + "],";
  return out + last + "}";
}

TEST(JsonDocument, DoubleKeysInObjectsOfEverySize) {
  for (const std::size_t members : {1U, 2U, 10U, 11U, 12U, 13U, 14U, 100U, 5000U}) {
    EXPECT_TRUE(kept(object_of(members, "\"last\":0"))) << members;
    const std::string twice = object_of(members, "\"\\u006bey 0\":7");
    EXPECT_FALSE(kept(twice)) << members;
    const auto repaired = json_document::repaired(twice);
    ASSERT_TRUE(repaired);
    const bj::object object = bj::parse(*repaired).as_object();
    EXPECT_EQ(object.size(), members);
    EXPECT_EQ(object.at("key 0"), bj::value(7));
  }
  std::string same = "{\"a\":{\"a\":1,\"a\":\"\\ud800\"}";
  for (int i = 0; i < 100'000; ++i) same += ",\"a\":1";
  EXPECT_EQ(json_document::repaired(same + "}"), "{\"a\":1}");
}

/// Of several members with one key the last one stays, in small objects and in large ones.
TEST(JsonDocument, TheLastOfManyMembersStays) {
  for (const std::size_t members : {3U, 30U}) {
    const std::string others = object_of(members, "").substr(1, object_of(members, "").size() - 3);
    const std::string text = "{\"a\":NaN,\"a\":[1]," + others + ",\"\\u0061\":2,\"z\":NaN,\"a\":\"\\ud800\"}";
    EXPECT_EQ(json_document::repaired(text), "{" + others + ",\"z\":null,\"a\":\"\\ufffd\"}");
  }
}

std::size_t bytes_in_use() {
  const auto memory = mallinfo2();
  return memory.uordblks + memory.hblkhd;
}

TEST(JsonDocument, ALargeDocumentsMemoryIsGivenBack) {
  const std::string text = object_of(200'000, "\"last\":0");  // twice what other tests have: none left memory for it
  const std::size_t before = bytes_in_use();
  EXPECT_TRUE(kept(text));
  EXPECT_LT(bytes_in_use(), before + 1024 * 1024);
}

TEST(JsonDocument, NothingStaysOfTheOneBefore) {
  EXPECT_FALSE(kept("{\"a\":[{\"b\":"));
  EXPECT_TRUE(kept("{\"a\":1}"));
  EXPECT_FALSE(kept("[1"));
  EXPECT_TRUE(kept("1"));
}

/// Keys are compared in an order of their own: any of them may be its first.
TEST(JsonDocument, DifferentKeysAreKept) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(kept("{\"first " + std::to_string(i) + "\":0," + object_of(13, "\"last\":0").substr(1))) << i;
  }
}

/// A key is the same however it is written, and no other one is.
TEST(JsonDocument, DoubleKeysOfEveryLength) {
  const std::vector<std::pair<std::string, std::string>> keys = {{"\\u007f", "\x7F"},
                                                                 {"\\u0080", "\u0080"},
                                                                 {"\\u00e9", "\u00e9"},
                                                                 {"\\u07ff", "\u07ff"},
                                                                 {"\\u0800", "\u0800"},
                                                                 {"\\u20ac", "\u20ac"},
                                                                 {"\\uffff", "\uffff"},
                                                                 {"\\ud800\\udc00", "\U00010000"},
                                                                 {"\\ud83d\\ude00", "\U0001F600"},
                                                                 {"\\ud83d\\ude42", "\U0001F642"},
                                                                 {"\\udbff\\udfff", "\U0010FFFF"},
                                                                 {"\\u20ad", "\u20ad"},
                                                                 {"\\u30ac", "\u30ac"}};
  for (const auto& [escaped, ignored] : keys) {
    for (const auto& [other, written] : keys) {
      const bool same = escaped == other;
      EXPECT_EQ(kept("{\"" + escaped + "\":1,\"" + written + "\":2}"), !same) << escaped << " " << other;
    }
  }
}

/// The short escapes, between other characters.
TEST(JsonDocument, DoubleKeysWithShortEscapes) {
  const std::vector<std::pair<std::string, std::string>> escapes = {
      {"\\b", "\\u0008"}, {"\\t", "\\u0009"},  {"\\n", "\\u000a"},  {"\\f", "\\u000C"},
      {"\\r", "\\u000d"}, {"\\\"", "\\u0022"}, {"\\\\", "\\u005C"}, {"\\/", "/"}};
  for (const auto& [escaped, ignored] : escapes) {
    for (const auto& [other, written] : escapes) {
      const bool same = escaped == other;
      EXPECT_EQ(kept("{\"p" + escaped + "qr\":1,\"p" + written + "qr\":2}"), !same) << escaped << " " << other;
    }
  }
}

TEST(LensJson, NumbersBeyondIntegersAreReal) {
  const std::string two_to_the_64 = shown(Value::real(18446744073709551616.0));
  EXPECT_EQ(get<lens::Json>(Value::text("18446744073709551617")), two_to_the_64);
  EXPECT_EQ(get<lens::Json>(Value::text("9223372036854775808")), shown(Value::real(9223372036854775808.0)));
}

TEST(JsonDocument, WordsAndNumbersThatAreAlmostRight) {
  for (const char* text : {"{}", "[]", "null", "true", "false", "[true,false,null]", "[1E5,1e+5,1e-5]"}) {
    EXPECT_TRUE(kept(text)) << text;
  }
  for (const char* text : {"[tru]", "[fals]", "[nul]", "[truth]", "[falsy]", "[nill]", "[Nax]", "[Infinite]",
                           "[-Infinite]", "[\"\\u12", "[\"\\", "[\"\\x\"]", "{\"a\" 1}", "{\"a\"", "[1e]", "[1.]"}) {
    EXPECT_FALSE(kept(text)) << text;
    EXPECT_EQ(json_document::repaired(text), std::nullopt) << text;
  }
  for (const char* text : {"[NaN]", "[-Infinity]", "[1E999]", "[1e+999]"}) {
    EXPECT_FALSE(kept(text)) << text;
    EXPECT_EQ(json_document::repaired(text), "[null]") << text;
  }
}

TEST(JsonDocument, KeysAreComparedWithTheirEscapesRead) {
  EXPECT_EQ(json_document::repaired("{\"a\":1,\"a\":2,\"\\u0061\":3}"), "{\"\\u0061\":3}");
  EXPECT_EQ(json_document::repaired("{\"\\ud83d\\ude00\":1,\"\xF0\x9F\x98\x80\":2}"), "{\"\xF0\x9F\x98\x80\":2}");
  // Lone surrogates are one U+FFFD each, wherever they stand; all else in these keys differs.
  const std::string keys =
      "{\"\\ud83d\":1,\"\\ud83dabcdef\":2,\"\\ud83d\\nabcdef\":3,\"\\ud83d\\ud83d\":4,\"\\udc00-\":5}";
  const auto repaired = json_document::repaired(keys);
  ASSERT_TRUE(repaired);
  EXPECT_EQ(bj::parse(*repaired).as_object().size(), 5U);
  EXPECT_EQ(json_document::repaired("{\"\\ud83d\":1,\"\\udc00\":2}"), "{\"\\ufffd\":2}");
  EXPECT_EQ(json_document::repaired("{\"\\ufffd\":1,\"\\ud800\":2}"), "{\"\\ufffd\":2}");
  const std::string name(40, 'k');
  EXPECT_EQ(json_document::repaired("{\"" + name + "\":1,\"" + name + "x\":2,\"" + name + "\":3}"),
            "{\"" + name + "x\":2,\"" + name + "\":3}");
}

TEST(JsonDocument, ThirtyMegabytesOfText) {
  const std::string text = "{\"m\":\"" + std::string(30'000'000, 'x') + "\"}";
  Arena arena;
  const Value s = Value::text(text);
  const Value p = lens::Json::get(nullable, s, arena);
  EXPECT_EQ(p.bytes().data(), text.data()) << "not copied";
}

TEST(LensJson, TopLevelNumbersMeetNumericAffinity) {
  using L = lens::Json;
  EXPECT_EQ(get<L>(Value::text("3")), "3");
  EXPECT_EQ(get<L>(Value::text("0")), "0");
  EXPECT_EQ(get<L>(Value::text("9")), "9");
  EXPECT_EQ(get<L>(Value::text("1.0")), "1");
  EXPECT_EQ(get<L>(Value::text("-0.0")), "0");
  EXPECT_EQ(get<L>(Value::text("1e2")), "100");
  EXPECT_EQ(get<L>(Value::text("1e-400")), "0");
  EXPECT_EQ(get<L>(Value::text("1763697783123456789")), "1763697783123456789");
  EXPECT_EQ(get<L>(Value::text("1.5")), "1.5");
  EXPECT_EQ(get<L>(Value::text(" 5 ")), "5");
  EXPECT_EQ(get<L>(Value::real(2.5)), "2.5");
  EXPECT_EQ(get<L>(Value::real(1e17)), "100000000000000000");
  EXPECT_EQ(get<L>(Value::real(INFINITY)), "NULL");
  EXPECT_EQ(get<L>(Value::integer(9223372036854775807)), "9223372036854775807");
  EXPECT_EQ(get<L>(Value::blob("{}")), "NULL");
  EXPECT_EQ(put<L>(Value::text("3")), "3") << "as a server's answer may have it";
  EXPECT_EQ(put<L>(Value::real(3.0)), "3");
  EXPECT_EQ(put<L>(Value::real(INFINITY)), "NULL");
  EXPECT_EQ(put<L>(Value::text("-inf")), "NULL") << "no JSON, but what begins like a number";
  EXPECT_EQ(put<L>(Value::text("-nan")), "NULL");
  EXPECT_FALSE(lens::json_value::is_number(""));
}

TEST(LensJson, NullIsSqlNullOrTheText) {
  using L = lens::Json;
  EXPECT_EQ(get<L>(Value::null()), "NULL");
  EXPECT_EQ(get<L>(Value::text("null")), "text[null]");
  EXPECT_EQ(put<L>(Value::null()), "NULL");
  EXPECT_EQ(put<L>(Value::text("null")), "text[null]");
  EXPECT_EQ(get<L>(Value::text("null"), not_null), "NULL");
  EXPECT_EQ(put<L>(Value::null(), not_null), "text[null]");
  EXPECT_EQ(put<L>(Value::text(""), not_null), "text[null]");
}

TEST(LensJsonText, NumbersAreTextInSql) {
  using L = lens::JsonText;
  EXPECT_EQ(get<L>(Value::text("3")), "3");
  EXPECT_EQ(put<L>(Value::integer(3)), "text[3]");
  EXPECT_EQ(put<L>(Value::real(1.5)), "text[1.5]");
  EXPECT_EQ(put<L>(Value::real(1e300)), "text[1e+300]");
  EXPECT_EQ(put<L>(Value::text("{ }")), "text[{ }]");
  EXPECT_EQ(put<L>(Value::text("")), "NULL");
  EXPECT_EQ(put<L>(Value::real(-INFINITY)), "NULL");
  EXPECT_EQ(get<L>(Value::text("007")), "NULL");
}

}  // namespace
}  // namespace twoway::lens_test
