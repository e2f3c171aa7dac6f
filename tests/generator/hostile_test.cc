// Whatever stands in the files: the compiler says so and does not crash. Mutated files are tests/fuzz's.
#include <gtest/gtest.h>

#include "generator/parse/yaml_reader.h"
#include "generator/plan/compile.h"
#include "generator/source/load.h"
#include "tests/generator/example.h"

namespace twowayc {
namespace {

namespace fs = std::filesystem;

/// Compiles; the result must agree with the errors, and printing must work.
bool compiles(const fs::path& directory, std::string* printed = nullptr) {
  SourceSet sources;
  DiagnosticSink sink;
  const auto model = compile(directory, sink, sources);
  const std::string text = sink.print(sources);
  EXPECT_EQ(model.has_value(), !sink.has_errors());
  EXPECT_EQ(text.find('\0'), std::string::npos);
  if (printed != nullptr) *printed = text;
  return model.has_value();
}

void expect_refused(const std::string& text) {
  SourceSet sources;
  DiagnosticSink sink;
  const auto file = sources.add("x.yaml", "x.yaml", text);
  const auto root = read_yaml(file, sources, sink);
  EXPECT_FALSE(root) << text.substr(0, 40);
  EXPECT_TRUE(sink.has_errors());
  EXPECT_LT(sink.print(sources).size(), 2000U);
}

TEST(Hostile, DeepNestingOfAnyKind) {
  const auto repeated = [](std::string_view part, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) text += part;
    return text;
  };
  for (const std::string_view part : {"[", "{", "- ", "? ", "{a: ", "[{", "a:\n"}) {
    SCOPED_TRACE(part);
    if (part != "a:\n") expect_refused(repeated(part, 100000));
  }
  std::string indented;
  for (std::size_t i = 0; i < 500; ++i) indented += std::string(i, ' ') + "a:\n";
  expect_refused(indented);
}

TEST(Hostile, HugeFilesOfAnyKind) {
  const std::size_t size = largest_mapping_file - 100;
  const auto filled = [&](std::string_view begin, std::string_view part) {
    std::string text(begin);
    while (text.size() + part.size() < size) text += part;
    return text;
  };
  for (const auto& [begin, part] : {std::pair<std::string_view, std::string_view>{"[", "&a 1, "}, {"&a [", "*a, "},
                                    {"", "a: 1\n"}, {"", "? [a]\n: 1\n"}, {"'", "x"}, {"", "!t a: 1\n"}}) {
    SCOPED_TRACE(part);
    SourceSet sources;
    DiagnosticSink sink;
    const auto file = sources.add("x.yaml", "x.yaml", filled(begin, part));
    EXPECT_FALSE(read_yaml(file, sources, sink));
    EXPECT_TRUE(sink.has_errors());
    EXPECT_LE(sink.sorted().size(), DiagnosticSink::most_kept);
    EXPECT_LT(sink.print(sources).size(), 500'000U);
  }
}

TEST(Hostile, CompilesTheSameTwice) {
  TemporaryDirectory directory;
  const fs::path shop = directory.path() / "shop";
  write_example(shop);
  write_file(shop / "entities/purchase.yaml",
             "entity: purchase\nsql: nothing\npocketbase: x\nkey: {}\nfields: {a: {}}\n");
  std::string first, second;
  EXPECT_FALSE(compiles(shop, &first));
  EXPECT_FALSE(compiles(shop, &second));
  EXPECT_EQ(first, second);
}

}  // namespace
}  // namespace twowayc
