// What keeps files readable: their size, that of their functions, the width of their lines.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "tests/layers/source_tree.h"

namespace twoway::layers {
namespace {

constexpr std::size_t most_lines_of_a_file = 500;
constexpr std::size_t most_lines_of_a_function = 70;
constexpr std::size_t most_columns = 120;

/// No code: data, and what a generator is expected to write.
bool is_data(std::string_view path) {
  for (const std::string_view folder : {"/data/", "/golden/", "/expected/", "/generated/", "/cases/"}) {
    if (path.find(folder) != std::string_view::npos) return true;
  }
  return path.ends_with(".txt") && !path.ends_with("CMakeLists.txt");
}

std::vector<SourceFile> hand_written(const std::vector<std::string_view>& endings) {
  std::vector<SourceFile> all;
  for (const std::string_view folder : {"runtime", "generator", "tests", ".ci"}) {
    for (SourceFile& file : files_below(folder, endings)) {
      if (!is_data(file.path)) all.push_back(std::move(file));
    }
  }
  return all;
}

/// C++, CMake, shell and Python.
std::vector<SourceFile> all_code() {
  std::vector<SourceFile> all = hand_written({".cc", ".h", ".txt", ".cmake", ".sh", ".py", "/run"});
  for (const std::string_view path : {"dev", "CMakeLists.txt", "generated/CMakeLists.txt", "generated/main.cc"}) {
    all.push_back(file_at(path));
  }
  return all;
}

std::size_t columns(std::string_view line) {
  std::size_t count = 0;
  for (const char c : line) count += (static_cast<unsigned char>(c) & 0xc0U) != 0x80U ? 1U : 0U;
  return count;
}

TEST(Tidy, FilesAreShort) {
  for (const SourceFile& file : all_code()) EXPECT_LE(file.lines().size(), most_lines_of_a_file) << file.path;
}

TEST(Tidy, FunctionsAreShort) {
  for (const SourceFile& file : hand_written({".cc", ".h"})) {
    for (const Function& function : functions_in(file.text)) {
      EXPECT_LE(function.lines, most_lines_of_a_function) << file.at(function.line);
    }
  }
}

TEST(Tidy, LinesFitAndHoldNothingUnfinished) {
  const std::array<std::string, 3> unfinished{std::string("TO") + "DO", std::string("FIX") + "ME",
                                              std::string("XX") + "X:"};
  for (const SourceFile& file : all_code()) {
    std::size_t number = 0;
    for (const std::string_view line : file.lines()) {
      ++number;
      if (columns(line) > most_columns) ADD_FAILURE() << file.at(number) << " has " << columns(line) << " columns";
      if (line.find('\t') != std::string_view::npos) ADD_FAILURE() << file.at(number) << " holds a tab";
      if (line.ends_with(' ') || line.ends_with('\r')) ADD_FAILURE() << file.at(number) << " ends with white space";
      for (const std::string& word : unfinished) {
        if (line.find(word) != std::string_view::npos) ADD_FAILURE() << file.at(number) << " is unfinished: " << word;
      }
    }
    EXPECT_TRUE(file.text.empty() || file.text.ends_with('\n')) << file.path << " ends inside a line";
  }
}

TEST(Tidy, HeadersAreIncludedOnce) {
  for (const SourceFile& file : hand_written({".h"})) {
    EXPECT_NE(file.text.find("\n#pragma once\n"), std::string::npos) << file.path;
  }
}

TEST(FunctionCounter, FindsFunctionsByTheirBraces) {
  const std::string text =
      "namespace a {\n"
      "struct S {\n"
      "  S() : a(1) {\n"
      "  }\n"
      "  int b[2] = {1, 2};\n"
      "};\n"
      "// void comment() {\n"
      "const char* s = \"{\";\n"
      "const std::vector<int> t = {f(1),\n"
      "                            2};\n"
      "int f(int x) {\n"
      "  if (x) {\n"
      "    g([] { return '{'; });  // }\n"
      "    // and more\n"
      "  }\n"
      "  return 1'000;\n"
      "}\n"
      "}\n";
  const std::vector<Function> functions = functions_in(text);
  ASSERT_EQ(functions.size(), 2U);
  EXPECT_EQ(functions[0].line, 3U);
  EXPECT_EQ(functions[0].lines, 2U);
  EXPECT_EQ(functions[1].line, 11U);
  EXPECT_EQ(functions[1].lines, 6U);
}

}  // namespace
}  // namespace twoway::layers
