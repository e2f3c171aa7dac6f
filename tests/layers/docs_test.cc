// What the documentation names is there: the files that its links lead to, and what docs/coverage.md gives as evidence.
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/layers/source_tree.h"

namespace twoway::layers {
namespace {

namespace fs = std::filesystem;

bool is_there(const std::string& path) { return fs::exists(fs::path(TWOWAY_SOURCE_DIR) / path); }

/// The first group of each match in a line.
std::vector<std::string> found(std::string_view line, const std::regex& pattern) {
  std::vector<std::string> all;
  using Matches = std::regex_iterator<std::string_view::const_iterator>;
  for (Matches it(line.begin(), line.end(), pattern); it != Matches(); ++it) all.push_back((*it)[1].str());
  return all;
}

/// "FOLDER SUITE.NAME" of each test, and "FOLDER SUITE.*", FOLDER being the one in tests/ that its program is made of.
const std::set<std::string>& tests() {
  static const std::set<std::string> all = [] {
    static const std::regex macro(R"(^(?:TEST|TEST_F|TEST_P|TYPED_TEST|RC_GTEST_PROP)\((\w+),\s*(\w+))");
    std::set<std::string> names;
    for (const SourceFile& file : files_below("tests", {".cc"})) {
      const std::string folder = std::string(part(file.path, 1)) + " ";
      for (const std::string_view line : file.lines()) {
        std::match_results<std::string_view::const_iterator> match;
        if (!std::regex_search(line.begin(), line.end(), match, macro)) continue;
        names.insert(folder + match[1].str() + "." + match[2].str());
        names.insert(folder + match[1].str() + ".*");
      }
    }
    return names;
  }();
  return all;
}

/// `program` is what a test program is called, without "_tests".
std::string folder_of(const std::string& program) {
  if (program == "layer") return "layers";
  return program == "library" ? "library_round_trip" : program;
}

TEST(Docs, LinksLeadToFiles) {
  static const std::regex link(R"(\]\(([^)#\s]+)[^)]*\))");
  std::vector<SourceFile> pages = files_below("docs", {".md"});
  pages.push_back(file_at("README.md"));
  std::size_t links = 0;
  for (const SourceFile& page : pages) {
    std::size_t number = 0;
    for (const std::string_view line : page.lines()) {
      ++number;
      for (const std::string& target : found(line, link)) {
        if (target.find("://") != std::string::npos) continue;
        ++links;
        EXPECT_TRUE(is_there((fs::path(page.path).parent_path() / target).lexically_normal().generic_string()))
            << page.at(number) << " leads to " << target;
      }
    }
  }
  EXPECT_GT(links, 50U);
}

TEST(Docs, CoverageNamesWhatIsThere) {
  static const std::regex quoted("`([^`]+)`"), test(R"((\w+)_tests (\w+\.(?:\w+|\*)))"), option(R"((--[a-z-]+))");
  const SourceFile page = file_at("docs/coverage.md");
  const std::string help = file_at("runtime/cli/help.cc").text;
  std::size_t number = 0, named_tests = 0, named_paths = 0;
  for (const std::string_view line : page.lines()) {
    ++number;
    for (const std::string& words : found(line, quoted)) {
      std::smatch match;
      if (std::regex_match(words, match, test)) {
        ++named_tests;
        EXPECT_TRUE(tests().contains(folder_of(match[1]) + " " + match[2].str())) << page.at(number) << ": " << words;
      } else if (words.starts_with("twoway ")) {
        const std::string verb = words.substr(7, words.find(' ', 7) - 7);
        EXPECT_NE(help.find("\n  " + verb + " "), std::string::npos) << page.at(number) << ": " << words;
        for (const std::string& name : found(words, option)) {
          EXPECT_NE(help.find(name), std::string::npos) << page.at(number) << ": " << words;
        }
      } else if (words.find('/') != std::string::npos && words.find(' ') == std::string::npos) {
        ++named_paths;
        EXPECT_TRUE(is_there(words)) << page.at(number) << ": " << words;
      }
    }
  }
  EXPECT_GT(named_tests, 50U);
  EXPECT_GT(named_paths, 5U);
}

}  // namespace
}  // namespace twoway::layers
