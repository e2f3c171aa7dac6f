// Every diagnostic is explained, what is said of it is true, and docs/diagnostics.md says the same.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "generator/breaking/breaking.h"
#include "generator/cli/vet.h"
#include "generator/explain/explanation.h"
#include "generator/plan/compile.h"
#include "generator/source/finding_ids.h"
#include "tests/generator/example.h"

namespace twowayc {
namespace {

namespace fs = std::filesystem;

std::set<std::string_view> found_in(const fs::path& directory, std::string& printed) {
  SourceSet sources;
  DiagnosticSink sink;
  compile(directory, sink, sources);
  printed = sink.print(sources);
  std::set<std::string_view> identifiers;
  for (const Diagnostic* diagnostic : sink.sorted()) identifiers.insert(name_of(diagnostic->id).identifier);
  return identifiers;
}

/// The example's file with the bad text in the place of the good one.
std::string made_bad(const Explanation& row) {
  std::string text = example_text(row.file);
  const std::size_t at = text.find(row.good);
  if (at == std::string::npos) return {};
  return text.replace(at, row.good.size(), row.bad);
}

TEST(Explain, EveryDiagnosticIsExplainedOnceAndInOrder) {
  std::vector<std::string_view> wanted, got;
  for (const DiagnosticName& name : diagnostic_names) wanted.push_back(name.identifier);
  for (const Explanation& row : explanations()) {
    if (row.finder == Finder::compiler) got.push_back(row.identifier);
    EXPECT_FALSE(row.why.empty() || row.bad.empty() || row.good.empty()) << row.identifier;
  }
  EXPECT_EQ(wanted, got);
  for (const DiagnosticName& name : vet_finding_names) EXPECT_NE(find_explanation(name.identifier), nullptr);
  for (const DiagnosticName& name : breaking_finding_names) EXPECT_NE(find_explanation(name.identifier), nullptr);
}

TEST(Explain, TheExampleMappingIsWithoutAFinding) {
  TemporaryDirectory directory;
  write_example(directory / example_name);
  std::string printed;
  EXPECT_TRUE(found_in(directory / example_name, printed).empty()) << printed;
}

TEST(Explain, BadExamplesGiveTheirDiagnostic) {
  TemporaryDirectory directory;
  const fs::path shop = directory / example_name;
  write_example(shop);
  for (const Explanation& row : explanations()) {
    if (row.finder != Finder::compiler || !row.replayed) continue;
    SCOPED_TRACE(row.identifier);
    const std::string good = example_text(row.file);
    const std::size_t at = good.find(row.good);
    ASSERT_NE(at, std::string::npos) << row.good;
    EXPECT_EQ(good.find(row.good, at + 1), std::string::npos) << "stands twice: " << row.good;
    write_file(shop / row.file, made_bad(row));
    std::string printed;
    const auto identifiers = found_in(shop, printed);
    EXPECT_TRUE(identifiers.contains(row.identifier)) << printed;
    write_file(shop / row.file, good);
  }
}

TEST(Explain, BadExamplesAreFoundByVet) {
  TemporaryDirectory directory;
  const fs::path shop = directory / example_name;
  write_example(shop);
  const auto report = [&] {
    SourceSet sources;
    DiagnosticSink sink;
    const auto model = compile(shop, sink, sources);
    return model ? vet(*model, sink.sorted()) : VetReport{sink.print(sources), 0};
  };
  EXPECT_EQ(report().findings, 0U) << report().text;
  for (const Explanation& row : explanations()) {
    if (row.finder != Finder::vet) continue;
    SCOPED_TRACE(row.identifier);
    write_file(shop / row.file, made_bad(row));
    const VetReport found = report();
    EXPECT_EQ(found.findings, 1U) << found.text;
    EXPECT_NE(found.text.find(fmt::format(": {}: ", row.identifier)), std::string::npos) << found.text;
    write_file(shop / row.file, example_text(row.file));
  }
}

TEST(Explain, BadExamplesBreakTheGoodOnes) {
  TemporaryDirectory directory;
  const fs::path shop = directory / example_name;
  write_example(shop);
  const auto model = [&] {
    SourceSet sources;
    DiagnosticSink sink;
    auto result = compile(shop, sink, sources);
    EXPECT_TRUE(result) << sink.print(sources);
    return result;
  };
  const auto before = model();
  ASSERT_TRUE(before);
  EXPECT_TRUE(breaks_between(*before, *before).empty());
  for (const Explanation& row : explanations()) {
    if (row.finder != Finder::breaking || !row.replayed) continue;
    SCOPED_TRACE(row.identifier);
    write_file(shop / row.file, made_bad(row));
    const auto now = model();
    ASSERT_TRUE(now);
    const std::vector<Break> breaks = breaks_between(*before, *now);
    const std::string text = breaks_text(breaks, *before, *now, "old");
    EXPECT_EQ(breaks.size(), 1U) << text;
    EXPECT_NE(text.find(fmt::format(": {}: ", row.identifier)), std::string::npos) << text;
    write_file(shop / row.file, example_text(row.file));
  }
}

TEST(Explain, OnlyFilesAndFoldersAreNotReplayed) {
  std::vector<std::string_view> not_replayed;
  for (const Explanation& row : explanations()) {
    if (row.finder == Finder::compiler && !row.replayed) not_replayed.push_back(row.identifier);
  }
  EXPECT_EQ(not_replayed, (std::vector<std::string_view>{"directory-unreadable", "file-too-large", "file-unexpected",
                                                         "file-encoding", "yaml-empty"}));
}

TEST(Explain, ThePageSaysTheSame) {
  const fs::path page = fs::path(TWOWAY_SOURCE_DIR) / "docs" / "diagnostics.md";
  if (std::getenv("UPDATE_EXPECTED") != nullptr) write_file(page, diagnostics_page());
  EXPECT_EQ(read_file(page), diagnostics_page())
      << "docs/diagnostics.md is stale; make it with: twowayc explain-error --markdown";
}

TEST(Explain, LinesFit) {
  const std::string text = diagnostics_page();
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    EXPECT_LE(end - begin, 120U) << text.substr(begin, end - begin);
    begin = end + 1;
  }
}

TEST(Explain, TheTerminalGetsPlainText) {
  const std::string text = explanation_text(*find_explanation("lens-unknown"));
  EXPECT_EQ(text,
            "lens-unknown: a lens that is neither built in nor declared\n\n"
            "  The lens is neither in the table of the language nor declared under\n  `lenses:`.\n\n"
            "Wrong (entities/purchase.yaml):\n"
            "      made_at:  { lens: epoch_secs, default: created }\n\n"
            "Right:\n"
            "      made_at:  { lens: epoch_seconds, default: created }\n");
  EXPECT_EQ(find_explanation("lens-unheard-of"), nullptr);
}

}  // namespace
}  // namespace twowayc
