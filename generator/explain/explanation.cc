#include "generator/explain/explanation.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "generator/explain/explanation_rows.h"

namespace twowayc {
namespace {

template <class Row>
void append(std::span<const Row> rows, Finder finder, std::vector<Explanation>& all) {
  for (const Row& row : rows) {
    const DiagnosticName& name = name_of(row.id);
    all.push_back({name.identifier, name.meaning, row.why, finder, row.replayed, row.file, row.bad, row.good});
  }
}

std::vector<Explanation> make_explanations() {
  std::vector<Explanation> all;
  append(explained_source(), Finder::compiler, all);
  append(explained_parse(), Finder::compiler, all);
  append(explained_resolve(), Finder::compiler, all);
  append(explained_coverage(), Finder::compiler, all);
  append(explained_fields(), Finder::compiler, all);
  append(explained_keys(), Finder::compiler, all);
  append(explained_names(), Finder::compiler, all);
  append(explained_plan(), Finder::compiler, all);
  append(explained_vet(), Finder::vet, all);
  append(explained_breaking(), Finder::breaking, all);
  return all;
}

/// Each line of the text behind the indent; lines that are empty stay so.
std::string indented(std::string_view text, std::string_view indent) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) result += indent;
    result += text.substr(0, end);
    result += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

/// Plain text of a terminal: links lose their addresses, code its quotes.
std::string plain(std::string_view markdown) {
  std::string result;
  for (std::size_t i = 0; i < markdown.size(); ++i) {
    const std::size_t end = markdown.substr(i).starts_with("](") ? markdown.find(')', i) : std::string_view::npos;
    if (end != std::string_view::npos) {
      i = end;
    } else if (markdown[i] != '[' || markdown.find("](", i) == std::string_view::npos) {
      result += markdown[i];
    }
  }
  return result;
}

struct Words {
  std::string_view bad, good;
};

Words words_for(Finder finder) {
  if (finder == Finder::breaking) return {"Now", "Before"};
  return {"Wrong", "Right"};
}

std::string example_in_markdown(std::string_view heading, const Explanation& explanation, std::string_view text) {
  const std::string_view language = explanation.replayed || explanation.finder == Finder::breaking ? "yaml" : "text";
  return fmt::format("{} (`{}`):\n```{}\n{}\n```\n", heading, explanation.file, language, text);
}

constexpr std::string_view page_head =
    R"(<!-- Made by `twowayc explain-error --markdown`. Change generator/explain/, not this file. -->
# Diagnostics

Everything that `twowayc` finds in a mapping has an identifier, printed in brackets. They are stable: scripts and
reviews may rely on them. `twowayc explain-error ID` prints what stands here.

The examples are parts of one small mapping, at the end of this page. A test makes each wrong one from it and expects
the diagnostic, so they are true.
)";

std::string section(const Explanation& explanation) {
  const Words words = words_for(explanation.finder);
  return fmt::format("\n### {}\n{}.\n\n{}\n\n{}{}", explanation.identifier, explanation.meaning, explanation.why,
                     example_in_markdown(words.bad, explanation, explanation.bad),
                     example_in_markdown(words.good, explanation, explanation.good));
}

}  // namespace

const std::vector<Explanation>& explanations() {
  static const std::vector<Explanation> all = make_explanations();
  return all;
}

const Explanation* find_explanation(std::string_view identifier) {
  const auto& all = explanations();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Explanation& row) {
    return row.identifier == identifier;
  });
  return found == all.end() ? nullptr : &*found;
}

std::string explanation_text(const Explanation& explanation) {
  const Words words = words_for(explanation.finder);
  return fmt::format("{}: {}\n\n{}\n{} ({}):\n{}\n{}:\n{}", explanation.identifier, explanation.meaning,
                     indented(plain(explanation.why), "  "), words.bad, explanation.file,
                     indented(explanation.bad, "    "), words.good, indented(explanation.good, "    "));
}

std::string diagnostics_page() {
  std::string page(page_head);
  constexpr std::pair<Finder, std::string_view> headings[] = {{Finder::vet, "\n## What vet finds\n"},
                                                              {Finder::breaking, "\n## What breaking finds\n"}};
  page += "\n## Errors of a mapping\n";
  Finder before = Finder::compiler;
  for (const Explanation& explanation : explanations()) {
    for (const auto& [finder, heading] : headings) {
      if (explanation.finder == finder && before != finder) page += heading;
    }
    before = explanation.finder;
    page += section(explanation);
  }
  page += "\n## The mapping of the examples\n";
  for (const ExampleFile& file : example_mapping()) {
    page += fmt::format("`{}`\n```yaml\n{}```\n", file.path, file.text);
  }
  return page;
}

}  // namespace twowayc
