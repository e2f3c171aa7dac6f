// Residue documents, tagged values and the arena.
#include <gtest/gtest.h>
#include <malloc.h>
#include <rapidcheck/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstring>

#include "runtime/transform/json_text.h"
#include "runtime/transform/side_entry.h"
#include "transform_world.h"

namespace twoway::transform_test {
namespace {

TEST(TransformResidue, TagsAreAsDocumented) {
  const std::pair<Owned, std::string> cases[] = {
      {Owned(), "n"},
      {Owned::number(-9223372036854775807 - 1), "i-9223372036854775808"},
      {Owned(Value::real(1.0)), "r3ff0000000000000"},
      {Owned(Value::real(-0.0)), "r8000000000000000"},
      {Owned("a\"b"), "ta\"b"},
      {Owned(""), "t"},
      {Owned("\xFF"), "xff"},
      {Owned::blob(""), "b"},
      {Owned::blob(std::string_view("\0a", 2)), "b0061"}};
  for (const auto& [value, tagged] : cases) {
    std::string out;
    append_tagged(out, value.view());
    EXPECT_EQ(out, tagged);
    Arena arena;
    const std::optional<Value> back = read_tagged(out, arena);
    ASSERT_TRUE(back) << tagged;
    EXPECT_EQ(Owned(*back), value);
  }
}

TEST(TransformResidue, WhatIsNoTaggedValueIsRefused) {
  Arena arena;
  for (const char* text : {"",
                           "nx",
                           "i",
                           "i1.5",
                           "i+5",
                           "i 5",
                           "i05",
                           "i-0",
                           "i9223372036854775808",
                           "r3ff",
                           "r3FF0000000000000",
                           "x0",
                           "xzz",
                           "b0",
                           "bF0",
                           "b0F",
                           "b.0",
                           "r3ff000000000000g",
                           "q",
                           "123",
                           "null",
                           "r3ff00000000000000"}) {
    EXPECT_FALSE(read_tagged(text, arena)) << text;
  }
}

RC_GTEST_PROP(TransformResidue, DocumentsComeBack, ()) {
  const auto values = *rc::gen::container<std::vector<std::pair<std::string, Owned>>>(
      rc::gen::pair(any_text(), any_value()));
  ResidueWriter writer;
  std::map<std::string, Owned> expected;
  for (const auto& [name, value] : values) {
    if (expected.emplace(name, value).second) writer.add(name, value.view());
    if (expected.size() % 2 == 0) static_cast<void>(writer.document());  // asking in between changes nothing
  }
  const Owned document = writer.document();
  RC_ASSERT(document.kind == (expected.empty() ? Kind::null : Kind::text));
  // A client reads the document, sorts and re-escapes it, and writes it back.
  Owned rewritten = document;
  if (!expected.empty()) rewritten = boost::json::serialize(boost::json::parse(document.bytes));
  for (const Owned& text : {document, rewritten}) {
    Arena arena;
    Residue residue;
    RC_ASSERT(residue.parse(text.view(), arena));
    RC_ASSERT(residue.entries().size() == expected.size());
    for (const auto& [name, value] : expected) {
      const std::string_view* entry = residue.find(name);
      RC_ASSERT(entry != nullptr);
      const std::optional<Value> back = read_tagged(*entry, arena);
      RC_ASSERT(back && Owned(*back) == value);
    }
  }
}

TEST(TransformResidue, AllBytesComeBack) {
  std::string every;
  for (int i = 0; i < 256; ++i) every.push_back(static_cast<char>(i));
  std::string ascii = every.substr(0, 128);
  ResidueWriter writer;
  writer.add("bytes", Value::text(every));
  writer.add("blob", Value::blob(every));
  writer.add("ascii", Value::text(ascii));
  const Owned document = writer.document();
  for (const char c : document.bytes) EXPECT_TRUE(c >= 0x20 && c < 0x80);
  Arena arena;
  Residue residue;
  ASSERT_TRUE(residue.parse(document.view(), arena));
  EXPECT_EQ(Owned(*read_tagged(*residue.find("bytes"), arena)), Owned(every));
  EXPECT_EQ(Owned(*read_tagged(*residue.find("blob"), arena)), Owned::blob(every));
  EXPECT_EQ(Owned(*read_tagged(*residue.find("ascii"), arena)), Owned(ascii));
}

TEST(TransformResidue, HostileDocumentsAreRefusedAndTheRecordIsNot) {
  World world;
  const std::string deep = std::string(100000, '[') + std::string(100000, ']');
  const std::vector<std::string> documents = {"{",
                                              "[]",
                                              "3",
                                              "\"t\"",
                                              "{\"title\":1}",
                                              "{\"title\":null}",
                                              "{\"title\":{\"a\":\"t\"}}",
                                              "{\"title\":[\"t\"]}",
                                              "{\"title\":\"tx\",\"title\":\"ty\"}",
                                              "{\"title\":\"tx\",\"name\":\"ty\",\"title\":\"tz\"}",
                                              "{\"title\":\"tx\"}x",
                                              "{\"title\":\"tx\",}",
                                              "{\"title\":\"\\ud800\"}",
                                              "{\"title\":\"t\xFF\"}",
                                              "{\"title\":\"zz\"}",
                                              "{\"+x\":\"q\"}",
                                              "{\"+~zz\":\"t\"}",
                                              "{\"title\":true}",
                                              "\"t\\nx\"",
                                              deep,
                                              "{\"a\":" + deep + "}",
                                              "nul",
                                              "{\"title\":\"t\"} {}",
                                              std::string("{\"title\":\"t\0\"}", 14),
                                              "\xEF\xBB\xBF{}"};
  for (const std::string& document : documents) {
    Record p = plain_record();
    p[f_title] = "kept";
    p[f_residue] = document;
    const ToRow out = to_row(p, world);
    EXPECT_FALSE(out.good) << document.substr(0, 60);
    EXPECT_EQ(out.row[c_title], Owned("kept"));
    EXPECT_FALSE(to_record(plain_row(), world, document).good) << document.substr(0, 60);
    EXPECT_EQ(to_record(plain_row(), world, document).record[f_name], Owned("a name"));
  }
  for (const char* fine : {"", "{}", " { } ", "null", "{\"+x\":\"t\"}", "{\"gone column\":\"n\"}"}) {
    Record p = plain_record();
    p[f_residue] = fine;
    EXPECT_TRUE(to_row(p, world).good) << fine;
  }
  Record p = plain_record();
  p[f_residue] = Owned::number(3);
  EXPECT_FALSE(to_row(p, world).good);
}

RC_GTEST_PROP(TransformResidue, RandomBytesNeverBreakIt, (const std::string& tail)) {
  World world;
  Record p = plain_record();
  const std::string start =
      *rc::gen::element<std::string>("", "{", "{\"title\":\"", "{\"~tags\":\"t1:[", "{\"title\":");
  p[f_residue] = start + *any_bytes() + tail;
  p[f_meta] = *any_bytes();
  p[f_tags] = *any_bytes();
  static_cast<void>(to_row(p, world));
  Row row = plain_row();
  row[c_meta] = p[f_meta];
  static_cast<void>(to_record(row, world, p[f_residue]));
}

TEST(TransformResidue, ColumnNamesOfAnyBytes) {
  for (const std::string name : {"fork_col", "", "~x", "\xFF", "a\"b", "+", "__proto__"}) {
    std::string entry;
    append_column_name(entry, name);
    Arena arena;
    EXPECT_EQ(read_column_name(entry, arena).value_or("?"), name);
  }
  Arena arena;
  EXPECT_EQ(read_column_name("~6", arena), std::nullopt);
  EXPECT_EQ(read_column_name("~6x", arena), std::nullopt);
}

TEST(TransformResidue, EntriesAreTakenOutAgain) {
  const auto written = [](std::string_view removed, bool asked_before) {
    ResidueWriter writer;
    writer.remove(removed);  // from nothing
    writer.add("a\"b", Value::text("say \"\\\""));
    writer.add("b", Value::integer(1), '+', "~");
    writer.add_text("c", "t");
    if (asked_before) static_cast<void>(writer.document());
    writer.remove(removed);
    return Owned(writer.document());
  };
  for (const bool asked : {false, true}) {
    EXPECT_EQ(written("a\"b", asked), Owned(R"({"+b":"~i1","c":"t"})"));
    EXPECT_EQ(written("+b", asked), Owned(R"({"a\"b":"tsay \"\\\"","c":"t"})"));
    EXPECT_EQ(written("c", asked), Owned(R"({"a\"b":"tsay \"\\\"","+b":"~i1"})"));
    EXPECT_EQ(written("b", asked), Owned(R"({"a\"b":"tsay \"\\\"","+b":"~i1","c":"t"})")) << "its name has a prefix";
  }
  ResidueWriter writer;
  writer.add("only", Value::null());
  writer.remove("only");
  EXPECT_TRUE(writer.empty());
  EXPECT_TRUE(writer.document().is_null());
}

TEST(TransformResidue, NamesAreTheColumnsInTheirOrder) {
  ResidueWriter writer;
  std::vector<std::string> names;
  const auto note = [&](std::string_view name) { names.emplace_back(name); };
  writer.for_each_name(note);
  EXPECT_TRUE(names.empty());
  writer.add("created_at", Value::integer(1));
  writer.add_text("title", "a \"quoted\" \\ one");
  writer.for_each_name(note);
  EXPECT_EQ(names, (std::vector<std::string>{"created_at", "title"}));
  names.clear();
  static_cast<void>(writer.document());
  writer.for_each_name(note);
  EXPECT_EQ(names, (std::vector<std::string>{"created_at", "title"})) << "asked for the document before";
}

TEST(TransformResidue, EmptyTextsAndEscapesAtBothEnds) {
  const auto written = [](std::string_view removed) {
    ResidueWriter writer;
    writer.add_text("", "");
    writer.add_text("\"", "\"");
    writer.add_text("x\\", "\\");
    writer.add_text("z", "");
    std::string names;
    writer.for_each_name([&](std::string_view name) { names.append(name).append(";"); });
    EXPECT_EQ(names, R"(;\";x\\;z;)");
    writer.remove(removed);
    return Owned(writer.document());
  };
  EXPECT_EQ(written(""), Owned(R"({"\"":"\"","x\\":"\\","z":""})"));
  EXPECT_EQ(written("\""), Owned(R"({"":"","x\\":"\\","z":""})"));
  EXPECT_EQ(written("x\\"), Owned(R"({"":"","\"":"\"","z":""})"));
  EXPECT_EQ(written("z"), Owned(R"({"":"","\"":"\"","x\\":"\\"})"));
}

std::size_t bytes_in_use() {
  const auto memory = mallinfo2();
  return memory.uordblks + memory.hblkhd;
}

TEST(TransformResidue, ALargeDocumentsMemoryIsGivenBack) {
  const std::string text(3 * 1024 * 1024, 'x');
  ResidueWriter writer;
  const std::size_t before = bytes_in_use();
  writer.add("large", Value::text(text));
  EXPECT_GT(writer.document().bytes().size(), text.size());
  writer.clear();
  EXPECT_LT(bytes_in_use(), before + 1024 * 1024);
  writer.add("small", Value::text("y"));
  EXPECT_EQ(Owned(writer.document()), Owned(R"({"small":"ty"})"));
}

TEST(TransformResidue, NothingStaysOfTheDocumentBefore) {
  Arena arena;
  Residue residue;
  ASSERT_TRUE(residue.parse(Value::text(R"({"a":"t"})"), arena));
  ASSERT_TRUE(residue.parse(Value::null(), arena));
  EXPECT_TRUE(residue.empty());
  EXPECT_FALSE(residue.parse(Value::text(R"({"a":"t",)"), arena));
  EXPECT_TRUE(residue.empty()) << "of one that is refused";
}

TEST(TransformResidue, EntriesAreFoundByPrefixAndName) {
  Arena arena;
  Residue residue;
  ASSERT_TRUE(residue.parse(Value::text(R"({"":"t0","+x":"t1","x":"t2","-x":"t3"})"), arena));
  EXPECT_EQ(*residue.find(""), "t0");
  EXPECT_EQ(*residue.find("x"), "t2");
  EXPECT_EQ(*residue.find("x", '+'), "t1");
  EXPECT_EQ(*residue.find("x", '-'), "t3");
  EXPECT_EQ(residue.find("y"), nullptr);
  EXPECT_EQ(residue.find("y", '+'), nullptr);
  EXPECT_EQ(residue.find("x", '*'), nullptr);
}

TEST(TransformSide, HashesTellStorageClassesApart) {
  const Value values[] = {Value::null(), Value::integer(0), Value::real(0), Value::text(""), Value::blob(""),
                          Value::text("0"), Value::real(-0.0), Value::integer(1)};
  for (std::size_t i = 0; i < std::size(values); ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(side_entry::hash(values[i]), side_entry::hash(values[j]));
  }
  // Fixed: side tables outlive the program that wrote them.
  EXPECT_EQ(side_entry::hash(Value::text("twoway")), 0x7f10801ac9cbbb70U);
  EXPECT_EQ(side_entry::hash(Value::integer(1)), 0x85671091eda75eb5U);
}

TEST(TransformSide, RecordIdsMadeInPocketBaseAreFound) {
  World world;
  Record p = plain_record();
  p[f_id] = "a~_b";
  const ToRow out = to_row(p, world);
  EXPECT_EQ(out.row[c_id], Owned("a~_b"));
  Arena arena;
  EXPECT_EQ(side_entry::record_id(out.side.view(), arena).value_or(""), "a~_b");
  EXPECT_EQ(to_record(out.row, world, out.side).record[f_id], Owned("a~_b"));
}

TEST(TransformJsonText, SameDocument) {
  const std::tuple<std::string, std::string, bool> cases[] = {
      {"{\"a\":1,\"b\":[1,2]}", " {\"b\" : [1.0, 2], \"\\u0061\":1}", true},
      {"{\"n\":12345678901234567890}", "{\"n\":12345678901234567000}", true},
      {"[1,2]", "[2,1]", false},
      {"{\"a\":null}", "{}", false},
      {"\"3\"", "3", false},
      {"-0.0", "0", true},
      {"nope", "nope", false},
      {std::string(2000, '[') + std::string(2000, ']'), std::string(2000, '[') + std::string(2000, ']'), false}};
  for (const auto& [a, b, expected] : cases) {
    EXPECT_EQ(json_text::same_document(a, b), expected) << a.substr(0, 40) << " " << b.substr(0, 40);
  }
}

TEST(TransformArena, BlocksAreReusedAndLargeOnesGivenBack) {
  Arena arena;
  char* first = arena.allocate(10);
  arena.reset();
  EXPECT_EQ(arena.allocate(10), first);
  const std::string big(3 * Arena::kept_bytes, 'x');
  const std::string_view copy = arena.copy(big);
  const std::string_view small = arena.copy("small");
  EXPECT_EQ(copy, big);
  EXPECT_EQ(small, "small");
  EXPECT_EQ(arena.copy(""), "");
  arena.reset();
  for (int row = 0; row < 3; ++row) {
    for (int i = 0; i < 1000; ++i) std::memset(arena.allocate(1000), i, 1000);
    arena.reset();
  }
}

}  // namespace
}  // namespace twoway::transform_test
