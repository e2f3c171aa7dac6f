// What a diagnostic means, at length: a sentence or two on why it is one, an example that gives it, and the same put
// right. `twowayc explain-error` prints it, and docs/diagnostics.md is made of it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace twowayc {

/// Who finds it. Its examples are tried the same way (tests/generator/explain_test.cc).
enum class Finder {
  compiler,  ///< in the bad one, when the mapping is compiled
  vet,       ///< `twowayc vet`, in the bad one
  breaking,  ///< `twowayc breaking`, between the good one and the bad one
};

struct Explanation {
  std::string_view identifier;
  std::string_view meaning;    ///< one line
  std::string_view why;        ///< Markdown, lines of at most 120 columns
  Finder finder = Finder::compiler;
  bool replayed = true;        ///< false: the examples are only shown, for no edit of one file gives it
  /// The file of the example mapping that the examples are part of; where they are not replayed, what they show.
  std::string_view file;
  std::string_view bad;        ///< what takes the place of `good` to provoke it
  std::string_view good;       ///< stands in the example mapping, once and in this form
};

/// Everything that twowayc has an identifier for: the compiler's diagnostics in their order, then what vet and breaking
/// find.
const std::vector<Explanation>& explanations();
/// Nothing where no identifier is called so.
const Explanation* find_explanation(std::string_view identifier);

/// A file of the mapping that all examples are parts of.
struct ExampleFile {
  std::string_view path;
  std::string_view text;
};
/// A mapping without a finding that has each construct of the language.
std::span<const ExampleFile> example_mapping();

/// What explain-error prints.
std::string explanation_text(const Explanation& explanation);
/// docs/diagnostics.md.
std::string diagnostics_page();

}  // namespace twowayc
