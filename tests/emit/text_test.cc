// Literals in generated files.
#include <gtest/gtest.h>

#include <string>

#include "generator/emit/pocketbase/collections.h"
#include "generator/emit/text/literal.h"
#include "generator/emit/text/raw_string.h"
#include "runtime/transform/record_id.h"

namespace twowayc::test {
namespace {

using namespace std::string_literals;

TEST(Literals, CppText) {
  EXPECT_EQ(cpp_text("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(cpp_text("tab\tline\nend\x7f"), R"("tab\011line\nend\177")");
  EXPECT_EQ(cpp_text("what?\?/"), R"("what?\?/")");
  EXPECT_EQ(cpp_text("nul\0!"s), R"(std::string_view("nul\000!", 5))");
  EXPECT_EQ(cpp_text("\xc3\xa9"), "\"\xc3\xa9\"");
  EXPECT_EQ(cpp_text("a\xe2\x80\xae" "b"), R"("a\342\200\256b")");
}

TEST(Literals, CommentsStayOneLine) {
  EXPECT_EQ(comment_text("a\nb\\"), "a b\\.");
  EXPECT_EQ(comment_text("what?\?/"), "what?? /");
}

TEST(Literals, Values) {
  EXPECT_EQ(cpp_value({Default::Kind::integer, "-9223372036854775808"}, false),
            "Value::integer(-9223372036854775807 - 1)");
  EXPECT_EQ(cpp_value({Default::Kind::integer, "007"}, false), "Value::integer(7)");
  EXPECT_EQ(cpp_value({Default::Kind::real, "5"}, false), "Value::real(5.0)");
  EXPECT_EQ(cpp_value({Default::Kind::real, "1e300"}, false), "Value::real(1e+300)");
  EXPECT_EQ(cpp_value({Default::Kind::text, "true"}, true), "Value::boolean(true)");
  EXPECT_EQ(cpp_value({Default::Kind::integer, "0"}, true), "Value::boolean(false)");
  EXPECT_EQ(cpp_value({Default::Kind::text, "x"}, false), "Value::text(\"x\")");
}

TEST(Literals, OtherLanguages) {
  EXPECT_EQ(json_text("a\"\\\n\x01\xe2\x80\xae"), R"("a\"\\\n\u0001\u202e")");
  EXPECT_EQ(sql_name("a\"b"), "\"a\"\"b\"");
  EXPECT_EQ(sql_text("it's"), "'it''s'");
  EXPECT_EQ(markdown_text("a|b`c\nd"), "a\\|b\\`c d");
  EXPECT_EQ(markdown_code("a|`b`"), "`` a\\|`b` ``");
}

TEST(Literals, RawStringsAreCutAtLinesAndKeepTheirEnd) {
  EXPECT_EQ(cpp_raw_string("a)js\"b", "js"), "R\"js_(a)js\"b)js_\"");
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "line\n";
  const std::string literal = cpp_raw_string(text, "x");
  EXPECT_NE(literal.find("line\n)x\"\nR\"x(line\n"), std::string::npos);
  EXPECT_EQ(cpp_raw_string("", "x"), "R\"x()x\"");
}

TEST(RecordIdPattern, IsTheRuntimes) { EXPECT_EQ(record_id_pattern(), twoway::record_id::pattern); }

TEST(FieldId, IsPocketBasesOwn) {
  EXPECT_EQ(field_id("text", "id"), "text3208210256");
  EXPECT_EQ(field_id("autodate", "created"), "autodate2990389176");
}

}  // namespace
}  // namespace twowayc::test
