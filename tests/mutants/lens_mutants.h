// Damaged copies of source files: text-level operators on each line where they apply.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace twoway::test {

struct SourceMutant {
  std::string file;  ///< below the project's root: "runtime/lens/text.h"
  std::size_t line = 0;
  std::string was, is;  ///< the line before and after, without its indentation
  std::string text;     ///< the whole file

  /// "runtime/lens/text.h: `a < b` -> `a <= b`": without the line's number, which moves with any edit.
  std::string name() const;
};

/// Numbers one more and one less, other signs and comparisons, conditions turned round, either branch lost, statements
/// removed. Remarks, texts, declarations and the lenses' witnesses (what they are tried with) stay as they are.
std::vector<SourceMutant> mutants_of(const std::string& file, std::string_view text);

}  // namespace twoway::test
