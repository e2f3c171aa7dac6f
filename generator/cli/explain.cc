#include <fmt/format.h>

#include <optional>

#include "generator/cli/commands.h"
#include "generator/explain/explanation.h"
#include "generator/source/suggest.h"

namespace twowayc {
namespace {

/// As it is printed, brackets and all, or without them.
std::string_view without_brackets(std::string_view identifier) {
  if (identifier.starts_with('[') && identifier.ends_with(']')) return identifier.substr(1, identifier.size() - 2);
  return identifier;
}

void report_unknown(const std::string& identifier) {
  std::vector<std::string> known;
  for (const Explanation& explanation : explanations()) known.emplace_back(explanation.identifier);
  fmt::print(stderr, "twowayc: there is no diagnostic '{}'\n", identifier);
  const std::optional<std::string> nearest = nearest_name(identifier, known);
  fmt::print(stderr, "hint: {}\n", nearest ? fmt::format("did you mean '{}'?", *nearest)
                                           : "twowayc explain-error lists all that there are");
}

}  // namespace

int run_explain(const std::vector<std::string>& identifiers, bool as_markdown) {
  if (as_markdown) {
    fmt::print("{}", diagnostics_page());
    return done;
  }
  if (identifiers.empty()) {
    for (const Explanation& row : explanations()) fmt::print("{:<22}{}\n", row.identifier, row.meaning);
    return done;
  }
  std::string text;
  for (const std::string& identifier : identifiers) {
    const Explanation* const explanation = find_explanation(without_brackets(identifier));
    if (explanation == nullptr) {
      report_unknown(identifier);
      return wrong;
    }
    if (!text.empty()) text += '\n';
    text += explanation_text(*explanation);
  }
  fmt::print("{}", text);
  return done;
}

}  // namespace twowayc
