// The lists of mutants that nobody has to notice here: other_mappings.txt and tests_of_moves.txt. A line a class.
#pragma once

#include <string>
#include <vector>

namespace twowayc::test {

constexpr const char* other_mappings = "other_mappings.txt";
constexpr const char* tests_of_moves = "tests_of_moves.txt";

struct MutantClass {
  std::string pattern;  ///< the mutants' names, with * for any text
  std::string words;    ///< what stands behind the bar: the reason, or the test that notices
};

/// The classes that a file lists, in its order. A line without a bar fails the test that asks.
std::vector<MutantClass> classes_in(const char* file);

/// The first class that a mutant of this name is of; null: none.
const MutantClass* class_of(const std::vector<MutantClass>& classes, const std::string& name);

}  // namespace twowayc::test
