// The project's own sources as text, for rules that no compiler checks.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace twoway::layers {

struct Include {
  std::size_t line;
  std::string name;   ///< what stands between the quotes or brackets
  bool quoted;        ///< "..." and not <...>
};

struct SourceFile {
  std::string path;  ///< relative to the root of the tree, with `/`
  std::string text;

  /// `path:line`
  std::string at(std::size_t line) const { return path + ":" + std::to_string(line); }
  std::vector<std::string_view> lines() const;
  std::vector<Include> includes() const;
};

/// All files below `folder` (relative to the root) whose name ends with one of `endings`, sorted by path.
std::vector<SourceFile> files_below(std::string_view folder, const std::vector<std::string_view>& endings);
/// One file by its path relative to the root; empty text if there is none.
SourceFile file_at(std::string_view path);

/// The `n`-th part of a path: part("runtime/lens/text.h", 1) is "lens". Empty beyond its end.
std::string_view part(std::string_view path, std::size_t n);

/// C++ text with comments, strings and characters blanked out; line feeds stay where they are.
std::string without_comments_and_strings(std::string_view text);

struct Function {
  std::size_t line;   ///< of its opening brace
  std::size_t lines;  ///< that hold code, from the opening to the closing brace: no comments, no lines of raw strings
};

/// The functions in C++ text, found by counting braces: a block is one where the text before it has parentheses and
/// begins with nothing that opens a scope. Lambdas belong to the function around them.
std::vector<Function> functions_in(std::string_view text);

}  // namespace twoway::layers
