// source/: digests, suggestions, positions, how a diagnostic looks, which files are read.
#include <gtest/gtest.h>

#include "generator/source/load.h"
#include "generator/source/printer.h"
#include "generator/source/sha256.h"
#include "generator/source/suggest.h"
#include "generator/source/utf8.h"
#include "tests/generator/files.h"

namespace twowayc {
namespace {

namespace fs = std::filesystem;

TEST(Sha256, StandardVectors) {
  EXPECT_EQ(sha256_hexadecimal(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hexadecimal("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hexadecimal("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hexadecimal(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, LengthsAroundABlock) {
  EXPECT_EQ(sha256_hexadecimal(std::string(55, 'a')),
            "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318");
  EXPECT_EQ(sha256_hexadecimal(std::string(56, 'a')),
            "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a");
  EXPECT_EQ(sha256_hexadecimal(std::string(64, 'a')),
            "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
}

TEST(Suggest, EditDistance) {
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("chat", "chat"), 0U);
  EXPECT_EQ(edit_distance("caht", "chat"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(Suggest, NearestName) {
  const std::vector<std::string> names = {"epoch_milliseconds", "epoch_seconds", "json", "json_text", "text"};
  EXPECT_EQ(nearest_name("epoch_second", names), "epoch_seconds");
  EXPECT_EQ(nearest_name("jsn", names), "json");
  EXPECT_EQ(nearest_name("JSON", names), "json");
  EXPECT_EQ(nearest_name("colour", names), std::nullopt);
  EXPECT_EQ(nearest_name("", names), std::nullopt);
  EXPECT_EQ(nearest_name("x", std::vector<std::string>{"y"}), std::nullopt);
}

TEST(Utf8, ValidSequencesOnly) {
  EXPECT_EQ(utf8_sequence_length("a"), 1U);
  EXPECT_EQ(utf8_sequence_length("\xC3\xA9"), 2U);
  EXPECT_EQ(utf8_sequence_length("\xE6\x97\xA5"), 3U);
  EXPECT_EQ(utf8_sequence_length("\xF0\x9F\x98\x80"), 4U);
  EXPECT_EQ(utf8_sequence_length("\xC0\x80"), 0U);              // overlong
  EXPECT_EQ(utf8_sequence_length("\xE0\x80\x80"), 0U);          // overlong
  EXPECT_EQ(utf8_sequence_length("\xED\xA0\x80"), 0U);          // surrogate
  EXPECT_EQ(utf8_sequence_length("\xF4\x90\x80\x80"), 0U);      // beyond U+10FFFF
  EXPECT_EQ(utf8_sequence_length("\xE6\x97"), 0U);              // cut
  EXPECT_EQ(first_invalid_utf8("ab\xFF"), 2U);
  EXPECT_EQ(display_width("a\xC3\xA9\xE6\x97\xA5"), 4U);
}

std::string excerpt(std::string bytes, Position position) {
  SourceSet sources;
  sources.add("x.yaml", "x.yaml", std::move(bytes));
  return print_excerpt(position, sources);
}

TEST(Printer, CaretStandsUnderTheToken) {
  EXPECT_EQ(excerpt("a: b\n", {0, 1, 4}), "a: b\n   ^\n");
  EXPECT_EQ(excerpt("a: { lens: text }\r\n", {0, 1, 12}), "a: { lens: text }\n           ^~~~\n");
  EXPECT_EQ(excerpt("\ta: text\n", {0, 1, 5}), "\ta: text\n\t   ^~~~\n");
  EXPECT_EQ(excerpt("\xE6\x97\xA5\xC3\xA9: text\n", {0, 1, 8}), "\xE6\x97\xA5\xC3\xA9: text\n     ^~~~\n");
  EXPECT_EQ(excerpt("a: 'it''s' # x\n", {0, 1, 4}), "a: 'it''s' # x\n   ^~~~~~~\n");
  EXPECT_EQ(excerpt("a: \"x\\\"y\"\n", {0, 1, 4}), "a: \"x\\\"y\"\n   ^~~~~~\n");
}

TEST(Printer, PlacesOutsideTheText) {
  EXPECT_EQ(excerpt("a: b", {0, 1, 99}), "a: b\n    ^\n");
  EXPECT_EQ(excerpt("a: b\n", {0, 2, 1}), "");
  EXPECT_EQ(excerpt("a: b\n", {0, 0, 0}), "");
  EXPECT_EQ(excerpt("a: b\n", {7, 1, 1}), "");
}

TEST(Printer, ControlCharactersDoNotReachTheTerminal) {
  EXPECT_EQ(excerpt("a: \x1B[31m\n", {0, 1, 4}), "a: ?[31m\n   ^~~~~\n");
  SourceSet sources;
  DiagnosticSink sink;
  sink.error_at_path(DiagnosticId::file_missing, "a\x1B" "b", "c\x07" "d").with_hint("e\n\x7F" "f");
  EXPECT_EQ(sink.print(sources), "a?b: error: c?d [file-missing]\nhint: e\n      ?f\n");
}

TEST(Printer, LongLinesAreCut) {
  const std::string line = "a: " + std::string(5000, 'x') + " here " + std::string(5000, 'y') + "\n";
  const std::string text = excerpt(line, {0, 1, 5005});
  const std::size_t first = text.find('\n');
  EXPECT_LT(first, 130U);
  EXPECT_TRUE(text.starts_with("..."));
  EXPECT_EQ(text.substr(0, first).find("here"), text.substr(first + 1).find('^'));
}

TEST(Printer, WholeDiagnostic) {
  SourceSet sources;
  sources.add("mapping/x/entities/chat.yaml", "entities/chat.yaml", "created_at: { lens: epoch_second }\n");
  DiagnosticSink sink;
  sink.error(DiagnosticId::lens_unknown, {0, 1, 21}, "unknown lens 'epoch_second'")
      .with_note({0, 1, 1}, "of this field")
      .with_suggestion("epoch_second", std::vector<std::string>{"epoch_seconds"});
  EXPECT_EQ(sink.print(sources),
            "mapping/x/entities/chat.yaml:1:21: error: unknown lens 'epoch_second' [lens-unknown]\n"
            "created_at: { lens: epoch_second }\n"
            "                    ^~~~~~~~~~~~\n"
            "mapping/x/entities/chat.yaml:1:1: note: of this field\n"
            "created_at: { lens: epoch_second }\n"
            "^~~~~~~~~~\n"
            "hint: did you mean 'epoch_seconds'?\n");
}

TEST(Sink, SortsByPlaceAndCountsErrorsOnly) {
  SourceSet sources;
  sources.add("a.yaml", "a.yaml", "");
  sources.add("b.yaml", "b.yaml", "");
  DiagnosticSink sink;
  sink.warning(DiagnosticId::lens_unused, {1, 1, 1}, "third");
  EXPECT_FALSE(sink.has_errors());
  sink.error(DiagnosticId::yaml_kind, {0, 9, 1}, "second");
  sink.error(DiagnosticId::yaml_kind, {0, 2, 5}, "first");
  EXPECT_EQ(sink.error_count(), 2U);
  EXPECT_EQ(sink.print(sources),
            "a.yaml:2:5: error: first [yaml-kind]\n"
            "a.yaml:9:1: error: second [yaml-kind]\n"
            "b.yaml:1:1: warning: third [lens-unused]\n");
}

TEST(Source, PositionsAndOffsets) {
  SourceSet sources;
  const auto file = sources.add("a.yaml", "a.yaml", "\xEF\xBB\xBF" "ab\ncd\n");
  EXPECT_EQ(sources.file(file).bytes, "ab\ncd\n");
  EXPECT_EQ(sources.offset({file, 2, 2}), 4U);
  const Position position = sources.position(file, 4);
  EXPECT_EQ(position.line, 2U);
  EXPECT_EQ(position.column, 2U);
  EXPECT_EQ(sources.offset({file, 3, 2}), std::nullopt);
}

TEST(Load, RefusesLargeFiles) {
  TemporaryDirectory directory;
  write_file(directory.path() / "mapping.yaml", std::string(largest_mapping_file, '#'));
  SourceSet sources;
  DiagnosticSink sink;
  EXPECT_TRUE(load_file(directory.path(), "mapping.yaml", {}, sources, sink));
  write_file(directory.path() / "mapping.yaml", std::string(largest_mapping_file + 1, '#'));
  EXPECT_FALSE(load_file(directory.path(), "mapping.yaml", {}, sources, sink));
  EXPECT_EQ(sink.print(sources), (directory.path() / "mapping.yaml").string() +
                                     ": error: larger than 4 MiB, which is more than a mapping file may have "
                                     "[file-too-large]\n");
}

TEST(Load, DirectoryIsPrintedTheSameFromEverywhere) {
  TemporaryDirectory directory;
  const fs::path shop = directory.path() / "mapping" / "shop";
  fs::create_directories(shop);
  EXPECT_EQ(printed_directory(shop), "mapping/shop");
  EXPECT_EQ(printed_directory(shop / ""), "mapping/shop");
  EXPECT_EQ(printed_directory(shop / "." / ".." / "shop"), "mapping/shop");
  EXPECT_EQ(folder_name(shop / ""), "shop");
  const fs::path before = fs::current_path();
  fs::current_path(shop);
  EXPECT_EQ(printed_directory("."), "mapping/shop");
  EXPECT_EQ(folder_name("."), "shop");
  fs::current_path(before);
}

TEST(Load, DisplayPathsAreAsGiven) {
  TemporaryDirectory directory;
  write_file(directory.path() / "mapping" / "shop" / "mapping.yaml", "mapping: shop\n");
  const fs::path before = fs::current_path();
  fs::current_path(directory.path());
  SourceSet sources;
  DiagnosticSink sink;
  for (const fs::path given : {"mapping/shop", "./mapping/shop/", "mapping/../mapping/shop"}) {
    const auto file = load_file(given, "mapping.yaml", {}, sources, sink);
    ASSERT_TRUE(file);
    EXPECT_EQ(sources.file(*file).display_path, "mapping/shop/mapping.yaml");
  }
  fs::current_path(before);
}

}  // namespace
}  // namespace twowayc
