// What a diagnostic means, at length: a sentence or two on why it is one, an example that gives it, and the same put
// right. `twowayc explain-error` prints it, and docs/diagnostics.md is made of it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace twowayc {

/// How the examples of a diagnostic are tried (tests/generator/explain_test.cc).
enum class Replay {
  compile,   ///< the bad one gives the diagnostic when the mapping is compiled
  vet,       ///< `twowayc vet` finds it
  breaking,  ///< `twowayc breaking` finds it, between the good one and the bad one
  none,      ///< it concerns files and folders, not what stands in them: the examples are only shown
};

struct Explanation {
  std::string_view identifier;
  std::string_view meaning;    ///< one line
  std::string_view why;        ///< Markdown, lines of at most 120 columns
  Replay replay = Replay::compile;
  /// The file of the example mapping that the examples are part of; where nothing is replayed, what they show.
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
