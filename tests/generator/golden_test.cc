// Replays tests/generator/cases: each folder is a mapping with a mistake, expected.txt is all that is printed about it.
// UPDATE_EXPECTED=1 writes the files anew; read the difference before committing it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "generator/plan/compile.h"
#include "tests/generator/files.h"

namespace twowayc {
namespace {

namespace fs = std::filesystem;

// Diagnostics that a folder under version control cannot show. source_test.cc has them.
const std::set<std::string_view> tested_elsewhere = {"file-too-large"};

fs::path cases_directory() { return fs::path("tests") / "generator" / "cases"; }

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(cases_directory())) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string compile_and_print(const fs::path& directory) {
  SourceSet sources;
  DiagnosticSink sink;
  const auto model = compile(directory, sink, sources);
  EXPECT_EQ(model.has_value(), !sink.has_errors());
  return sink.print(sources);
}

/// The identifier that a case is about: the longest one that its name begins with.
std::string_view identifier_of(std::string_view name) {
  std::string_view best;
  for (const DiagnosticName& row : diagnostic_names) {
    const bool matches = name == row.identifier || name.starts_with(std::string(row.identifier) + "-");
    if (matches && row.identifier.size() > best.size()) best = row.identifier;
  }
  return best;
}

class Golden : public testing::Test {
 protected:
  void SetUp() override { fs::current_path(TWOWAY_SOURCE_DIR); }
};

TEST_F(Golden, EveryCasePrintsWhatIsExpected) {
  const bool update = std::getenv("UPDATE_EXPECTED") != nullptr;
  for (const std::string& name : case_names()) {
    SCOPED_TRACE(name);
    const std::string printed = compile_and_print(cases_directory() / name);
    const fs::path expected = cases_directory() / name / "expected.txt";
    if (update) write_file(expected, printed);
    EXPECT_EQ(read_file(expected), printed);
    EXPECT_NE(printed.find(fmt::format("[{}]", identifier_of(name))), std::string::npos) << printed;
  }
}

TEST_F(Golden, EveryDiagnosticHasACase) {
  std::set<std::string_view> seen = tested_elsewhere;
  const auto names = case_names();
  for (const std::string& name : names) seen.insert(identifier_of(name));
  for (const DiagnosticName& row : diagnostic_names) {
    EXPECT_TRUE(seen.contains(row.identifier)) << "no folder tests/generator/cases/" << row.identifier;
  }
  EXPECT_FALSE(seen.contains("")) << "a case is not named after a diagnostic";
}

TEST_F(Golden, DiagnosticIdentifiersAreUnique) {
  std::set<std::string_view> seen;
  for (const DiagnosticName& row : diagnostic_names) EXPECT_TRUE(seen.insert(row.identifier).second) << row.identifier;
}

}  // namespace
}  // namespace twowayc
