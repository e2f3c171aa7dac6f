// The same mapping gives the same bytes: anywhere, in any language, with its keys in any order.
#include <gtest/gtest.h>

#include <filesystem>
#include <locale>
#include <regex>
#include <string>

#include "generator/emit/emit.h"
#include "tests/emit/mappings.h"
#include "tests/generator/shuffle.h"
#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"

namespace twowayc::test {
namespace {

namespace fs = std::filesystem;

/// A locale in which numbers look unlike everywhere else.
class OddNumbers : public std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\2"; }
};

class LocaleGuard {
 public:
  LocaleGuard() : before_(std::locale::global(std::locale(std::locale(), new OddNumbers))) {}
  ~LocaleGuard() { std::locale::global(before_); }
  LocaleGuard(const LocaleGuard&) = delete;
  LocaleGuard& operator=(const LocaleGuard&) = delete;

 private:
  std::locale before_;
};

void expect_same(const FileTree& wanted, const FileTree& got) {
  ASSERT_EQ(wanted.size(), got.size());
  for (const auto& [path, content] : wanted) {
    ASSERT_TRUE(got.contains(path)) << path;
    EXPECT_EQ(content, got.at(path)) << path;
  }
}

/// A copy of the mapping below another folder. The last two names of its path are what generated files print.
fs::path copy_of(const fs::path& mapping, const fs::path& below) {
  const fs::path copy = below / mapping.parent_path().filename() / mapping.filename();
  for (const char* part : {"mapping.yaml", "sql", "entities"}) {
    fs::create_directories(copy);
    fs::copy(mapping / part, copy / part, fs::copy_options::recursive);
  }
  return copy;
}

/// Line numbers are what a new order of keys may change.
FileTree without_lines(FileTree tree) {
  static const std::regex position(R"(\.yaml:[0-9]+)");
  static const std::regex directive(R"(#line [0-9]+)");
  tree.erase("MANIFEST");
  for (auto& [path, content] : tree) {
    content = std::regex_replace(content, position, ".yaml:N");
    content = std::regex_replace(content, directive, "#line N");
  }
  return tree;
}

TEST(Determinism, TwoRunsAreEqual) {
  expect_same(emit(compiled(flagship_directory())), emit(compiled(flagship_directory())));
}

TEST(Determinism, AnotherLocaleIsEqual) {
  const FileTree wanted = emit(compiled(library_directory()));
  const LocaleGuard guard;
  expect_same(wanted, emit(compiled(library_directory())));
}

TEST(Determinism, AnotherDirectoryIsEqual) {
  const twoway::test::TemporaryDirectory scratch("emit");
  for (const fs::path& mapping : {library_directory(), flagship_directory()}) {
    expect_same(emit(compiled(mapping)), emit(compiled(copy_of(mapping, scratch.path()))));
  }
}

TEST(Determinism, AnotherProcessInAnotherLanguageIsEqual) {
  const twoway::test::TemporaryDirectory scratch("emit");
  twoway::test::ProcessOptions options;
  options.environment = {{"LC_ALL", "tr_TR.UTF-8"}, {"LANG", "tr_TR.UTF-8"}, {"TZ", "Asia/Kathmandu"}};
  options.working_directory = scratch.path();
  const fs::path mapping = copy_of(library_directory(), scratch.path());
  twoway::test::run_checked({twoway::test::program("twowayc").string(), "build",
                             fs::relative(mapping, scratch.path()).string(), "--out", "out/x/"},
                            options);
  EXPECT_TRUE(compare_tree(scratch / "out/x", emit(compiled(library_directory()))).empty());
}

TEST(Determinism, ReorderedKeysChangeLineNumbersOnly) {
  const twoway::test::TemporaryDirectory scratch("emit");
  for (const fs::path& mapping : {library_directory(), flagship_directory()}) {
    const FileTree wanted = without_lines(emit(compiled(mapping)));
    for (const std::uint32_t seed : {1U, 2U, 3U}) {
      const fs::path copy = scratch / std::to_string(seed) / mapping.parent_path().filename() / mapping.filename();
      write_shuffled(mapping, copy, seed);
      const MappingModel model = compiled(copy);
      EXPECT_EQ(model.digest, compiled(mapping).digest);
      expect_same(wanted, without_lines(emit(model)));
    }
  }
}

}  // namespace
}  // namespace twowayc::test
