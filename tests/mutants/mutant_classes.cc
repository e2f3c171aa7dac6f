#include "tests/mutants/mutant_classes.h"

#include <fnmatch.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/places.h"

namespace twowayc::test {
namespace {

/// For fnmatch, to which a [ begins a set.
std::string escaped(const std::string& pattern) {
  std::string text;
  for (const char c : pattern) text += c == '[' ? "\\[" : std::string(1, c);
  return text;
}

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(' ');
  return begin == std::string::npos ? std::string() : text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

}  // namespace

std::vector<MutantClass> classes_in(const char* file) {
  std::vector<MutantClass> classes;
  std::ifstream lines(twoway::test::source_directory() / "tests/mutants" / file);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::size_t bar = line.find('|');
    EXPECT_NE(bar, std::string::npos) << line;
    if (bar != std::string::npos) classes.push_back({trimmed(line.substr(0, bar)), trimmed(line.substr(bar + 1))});
  }
  return classes;
}

const MutantClass* class_of(const std::vector<MutantClass>& classes, const std::string& name) {
  for (const MutantClass& one : classes) {
    if (fnmatch(escaped(one.pattern).c_str(), name.c_str(), 0) == 0) return &one;
  }
  return nullptr;
}

}  // namespace twowayc::test
