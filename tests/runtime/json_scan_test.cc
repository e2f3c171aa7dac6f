// JSON as it stands in documents: what a scanner steps over, where an array stands, and entries that somebody changed.
#include "runtime/transform/json_scan.h"

#include <gtest/gtest.h>

#include "runtime/transform/json_text.h"
#include "runtime/transform/mirror.h"
#include "runtime/transform/side_entry.h"

namespace twoway {
namespace {

bool is_value(std::string_view text) {
  JsonScanner scanner(text);
  const bool read = scanner.skip_value();
  scanner.skip_space();
  return read && scanner.at_end();
}

TEST(JsonScan, TakesWhatPythonTakes) {
  for (const char* text : {"1",
                           "-0",
                           "10.5",
                           "0.25e+3",
                           "1E-2",
                           "1e5",
                           "true",
                           "false",
                           "null",
                           "NaN",
                           "Infinity",
                           "-Infinity",
                           "\"\"",
                           "\"a\\n\\\\\\\"\\/\\b\\f\\r\\t\"",
                           "\"\\u00e9\\uABCD\\ud800\"",
                           "[]",
                           "[ ]",
                           "{}",
                           "{ }",
                           " [1 , 2]\r\n",
                           "{\"a\" : 1 ,\n\t\"b\":[{}, {\"c\":null}]}"}) {
    EXPECT_TRUE(is_value(text)) << text;
  }
}

TEST(JsonScan, RefusesWhatPythonRefuses) {
  for (const char* text : {"",
                           "-",
                           "01",
                           "1.",
                           ".5",
                           "1e",
                           "1e+",
                           "+1",
                           "tru",
                           "nul",
                           "nan",
                           "\"",
                           "\"a\n\"",
                           "\"\\",
                           "\"\\x\"",
                           "\"\\u12\"",
                           "\"\\u12G4\"",
                           "\"\\u 123\"",
                           "\"\\u12`4\"",
                           "\"\\u12@4\"",
                           "\"\\u12/4\"",
                           "\"\\u12:4\"",
                           "[",
                           "[1",
                           "[1,",
                           "[1,]",
                           "[1 2]",
                           "[1}",
                           "{",
                           "{1:2}",
                           "{\"a\"}",
                           "{\"a\":",
                           "{\"a\":1",
                           "{\"a\":1,}",
                           "{\"a\":1,2:3}",
                           "{\"a\" 1}",
                           "{\"a\":1]",
                           "{\"a\":1,\"b\"}",
                           "1 2"}) {
    EXPECT_FALSE(is_value(text)) << text;
  }
}

using State = mirror::Array::State;

State state_of(std::string_view document, std::string* found = nullptr) {
  Arena arena;
  const mirror::Array array = mirror::find(Value::text(document), "a", arena);
  if (found != nullptr) *found = std::string(document.substr(array.begin, array.end - array.begin));
  return array.state;
}

TEST(MirrorArrays, AreFoundInWellFormedDocumentsAlone) {
  Arena arena;
  EXPECT_EQ(mirror::find(Value::null(), "a", arena).state, State::no_object);
  EXPECT_EQ(mirror::find(Value::blob("{}"), "a", arena).state, State::unreadable);
  std::string found;
  EXPECT_EQ(state_of("{\"b\": 1, \"a\" : [1, 2] }", &found), State::found);
  EXPECT_EQ(found, "[1, 2]");
  EXPECT_EQ(state_of("{\"a\": [1], \"a\": []}", &found), State::found);
  EXPECT_EQ(found, "[]") << "the last one counts";
  EXPECT_EQ(state_of("{\"a\": 7}"), State::no_array);
  EXPECT_EQ(state_of("{\"b\": 7}"), State::no_member);
  EXPECT_EQ(state_of("{}"), State::no_member);
  EXPECT_EQ(state_of("[1]"), State::no_object);
  EXPECT_EQ(state_of("{\"\\ud800\": 7}"), State::no_member) << "a name that is no text is another one";
  for (const char* broken :
       {"", "{", "{7}", "{\"a\" 1}", "{\"a\": }", "{\"a\": 1,}", "{\"a\": 1", "{\"a\": 1} x", "[1", "{\"a\": [1}"}) {
    EXPECT_EQ(state_of(broken), State::unreadable) << broken;
  }
}

TEST(MirrorArrays, ItemsAreReadFromArraysAlone) {
  Arena arena;
  const auto items = mirror::read_items(" [ \"a\" , 7 ] ", arena);
  ASSERT_TRUE(items.has_value());
  ASSERT_EQ(items->size(), 2u);
  EXPECT_EQ((*items)[0].name, "a");
  EXPECT_EQ((*items)[1].text, "7");
  EXPECT_FALSE((*items)[1].name.has_value());
  for (const char* broken : {"", "{}", "[", "[x]", "[1", "[1,]", "[1] 2"}) {
    EXPECT_FALSE(mirror::read_items(broken, arena).has_value()) << broken;
  }
}

TEST(MirrorBases, AreWrittenAndReadAlike) {
  mirror::Base base{"[\"a\",\"b\"]", {0, 3}};
  std::string text;
  mirror::append_base(text, base);
  EXPECT_EQ(text, "0,3:[\"a\",\"b\"]");
  const auto read = mirror::read_base(text);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->array, base.array);
  EXPECT_EQ(read->unlinked, base.unlinked);
  EXPECT_TRUE(mirror::read_base(":[]").has_value());
  for (const char* broken : {"", "1", "x:[]", "1;2:[]", "1,:[]", "2,1:[]", "1,1:[]", "99999999999999999999:[]"}) {
    EXPECT_FALSE(mirror::read_base(broken).has_value()) << broken;
  }
}

std::string merged(std::string_view document, const std::optional<mirror::Base>& base,
                   const std::vector<std::string_view>& names) {
  Arena arena;
  const Value text = document == "NULL" ? Value::null() : Value::text(document);
  const mirror::Array array = mirror::find(text, "a", arena);
  const mirror::Merge merge = mirror::merge(base, array.items, names, arena);
  return std::string(mirror::replace(text, array, "a", merge, arena).bytes());
}

TEST(MirrorMerges, KeepWhatTheyDoNotKnow) {
  const mirror::Base base{"[\"x\",\"y\",7]", {1}};
  EXPECT_EQ(merged("{\"a\": [\"x\", \"y\", 7]}", base, {}), "{\"a\": [\"y\", 7]}") << "y had no record";
  EXPECT_EQ(merged("{\"a\":[\"x\"]}", base, {"x", "z", "z"}), "{\"a\":[\"x\",\"z\"]}");
  EXPECT_EQ(merged("{\"a\": [7]}", std::nullopt, {"z"}), "{\"a\": [7, \"z\"]}");
  EXPECT_EQ(merged("{\"a\": [7]}", mirror::Base{"no array", {}}, {"z"}), "{\"a\": [7, \"z\"]}");
  EXPECT_EQ(merged("{\"a\": [7]}", std::nullopt, {"\xff"}), "{\"a\": [7]}") << "no text: it cannot stand there";
  EXPECT_EQ(merged("{}", std::nullopt, {"y", "z"}), "{\"a\":[\"y\",\"z\"]}");
  EXPECT_EQ(merged("{\"b\":1}", std::nullopt, {"z"}), "{\"b\":1,\"a\":[\"z\"]}");
  EXPECT_EQ(merged("NULL", std::nullopt, {"z"}), "{\"a\":[\"z\"]}");
}

TEST(JsonTexts, AreEqualByWhatTheyMean) {
  const auto equal = json_text::same_document;
  EXPECT_TRUE(equal("{\"a\":[1,2.0]}", " { \"a\" : [1.0, 2] }"));
  EXPECT_TRUE(equal("{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}"));
  EXPECT_FALSE(equal("{\"a\":1}", "{\"a\":1,\"b\":2}"));
  EXPECT_FALSE(equal("{\"a\":1}", "{\"b\":1}"));
  EXPECT_FALSE(equal("[1]", "[1,2]"));
  EXPECT_FALSE(equal("[1]", "[2]"));
  EXPECT_FALSE(equal("1", "\"1\""));
  EXPECT_FALSE(equal("1", "2"));
  EXPECT_FALSE(equal("{}", "[]"));
  EXPECT_FALSE(equal("{", "{}"));
  EXPECT_FALSE(equal("{}", "{"));
}

TEST(JsonTexts, StringsAreReadFromTheirTokens) {
  Arena arena;
  EXPECT_EQ(json_text::read_string("\"a\\u00e9\\n\"", arena), "a\u00e9\n");
  for (const char* token : {"", "\"", "a", "\"a", "a\"", "7", "\"\\ud800\"", "\"\\x\"", "\"\xff\""}) {
    EXPECT_FALSE(json_text::read_string(token, arena).has_value()) << token;
  }
}

/// A side document with one entry.
Residue with(ResidueWriter& writer, std::string_view name, const Value& value, std::string_view before, Arena& arena) {
  writer.add(name, value, 0, before);
  Residue side;
  EXPECT_TRUE(side.parse(writer.document(), arena));
  return side;
}

TEST(SideEntries, OfAnotherFormSayNothing) {
  Arena arena;
  const Value held = Value::text("held");
  ResidueWriter good;
  side_entry::add(good, "title", held, Value::text("shown"));
  Residue side;
  ASSERT_TRUE(side.parse(good.document(), arena));
  EXPECT_TRUE(side_entry::well_formed(side, arena));
  EXPECT_TRUE(side_entry::shown(side, "title", held, arena).has_value());
  EXPECT_FALSE(side_entry::shown(side, "title", Value::text("other"), arena).has_value());
  EXPECT_FALSE(side_entry::shown(side, "name", held, arena).has_value());
  for (const char* before :
       {"", "0123", "0123456789abcdef", "0123456789abcdefg", "0123456789abcdeG:", "0123456789abcdef0:"}) {
    ResidueWriter writer;
    const Residue changed = with(writer, "title", Value::text("shown"), before, arena);
    EXPECT_FALSE(side_entry::well_formed(changed, arena)) << before;
    EXPECT_FALSE(side_entry::shown(changed, "title", held, arena).has_value()) << before;
  }
}

TEST(SideEntries, RecordIdsAreTexts) {
  Arena arena;
  ResidueWriter text, number, other;
  EXPECT_EQ(side_entry::record_id(with(text, "id", Value::text("abc"), "", arena), arena), "abc");
  EXPECT_FALSE(side_entry::record_id(with(number, "id", Value::integer(7), "", arena), arena).has_value());
  EXPECT_FALSE(side_entry::record_id(with(other, "title", Value::integer(7), "", arena), arena).has_value());
  EXPECT_EQ(side_entry::record_id(text.document(), arena), "abc");
  EXPECT_FALSE(side_entry::record_id(Value::text("no document"), arena).has_value());
}

}  // namespace
}  // namespace twoway
