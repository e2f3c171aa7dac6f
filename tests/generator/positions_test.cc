// Positions are exact to the byte: where one points, the text that it is about begins.
#include <gtest/gtest.h>

#include "generator/parse/yaml_reader.h"
#include "generator/resolve/template_text.h"
#include "tests/generator/files.h"

namespace twowayc {
namespace {

namespace fs = std::filesystem;

/// What a scalar's position must point to: the text as it is, an opening quote, or the mark of a block.
void expect_begins(const std::string& text, bool quoted, Position position, const SourceSet& sources) {
  const auto offset = sources.offset(position);
  ASSERT_TRUE(offset) << text;
  const std::string_view source = std::string_view(sources.file(position.file).bytes).substr(*offset);
  if (quoted) {
    EXPECT_TRUE(source.starts_with('"') || source.starts_with('\'') || source.starts_with('|') ||
                source.starts_with('>'))
        << sources.describe(position) << ": " << source.substr(0, 20);
  } else {
    const std::string first_line = text.substr(0, text.find('\n'));
    const std::string first_word = first_line.substr(0, first_line.find(' '));
    EXPECT_TRUE(source.starts_with(first_word)) << sources.describe(position) << ": " << source.substr(0, 20);
  }
}

void expect_exact(const Node& node, const SourceSet& sources, std::size_t& count) {
  ++count;
  if (node.kind == Node::Kind::scalar) expect_begins(node.text, node.quoted, node.position, sources);
  for (const Node& item : node.items) expect_exact(item, sources, count);
  for (const Node::Entry& entry : node.entries) {
    const auto offset = sources.offset(entry.key_position);
    ASSERT_TRUE(offset);
    const char first = sources.file(entry.key_position.file).bytes[*offset];
    expect_begins(entry.key, first == '"' || first == '\'', entry.key_position, sources);
    expect_exact(entry.value, sources, count);
  }
}

std::size_t check_text(const std::string& name, std::string text) {
  SourceSet sources;
  DiagnosticSink sink;
  const auto file = sources.add(name, name, std::move(text));
  const auto root = read_yaml(file, sources, sink);
  std::size_t count = 0;
  if (root) expect_exact(*root, sources, count);
  EXPECT_TRUE(root) << sink.print(sources);
  return count;
}

TEST(Positions, OfEveryValueOfTheMappings) {
  std::size_t count = 0;
  for (const fs::path folder : {"mapping", "tests/library"}) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(TWOWAY_SOURCE_DIR) / folder)) {
      if (entry.path().extension() != ".yaml") continue;
      count += check_text(entry.path().string(), read_file(entry.path()));
    }
  }
  EXPECT_GT(count, 3000U);
}

TEST(Positions, BehindWideCharactersTabsAndCarriageReturns) {
  EXPECT_EQ(check_text("x.yaml",
                       "\xE6\x97\xA5\xE6\x9C\xAC: [\xF0\x9F\x98\x80, b, \"c\"]\r\nd: {e:\tf}\r\n'g' : h\r\n"), 8U);
}

std::vector<TemplatePiece> pieces(const std::string& yaml, std::string value, SourceSet& sources) {
  DiagnosticSink sink;
  const auto file = sources.add("x.yaml", "x.yaml", yaml);
  return parse_template({std::move(value), {file, 1, 4}}, sources, sink).value_or(std::vector<TemplatePiece>());
}

TEST(Positions, InsideTemplates) {
  SourceSet sources;
  const auto plain = pieces("a: x{b}-{c}\n", "x{b}-{c}", sources);
  ASSERT_EQ(plain.size(), 4U);
  EXPECT_EQ(plain[1].position.column, 6U);
  EXPECT_EQ(plain[3].position.column, 10U);
  EXPECT_EQ(pieces("a: \"{b}\"\n", "{b}", sources)[0].position.column, 6U);
  // An escape moves what stands behind it: the template as a whole is the best there is to point to.
  EXPECT_EQ(pieces("a: \"\\x41{b}\"\n", "A{b}", sources)[1].position.column, 4U);
}

}  // namespace
}  // namespace twowayc
