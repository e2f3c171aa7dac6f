#include "generator/cli/compiled.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "generator/plan/compile.h"

namespace twowayc {
namespace {

constexpr std::size_t most_identifiers = 4;   ///< in the command that says more

/// The command that explains what was printed, ready to be pasted.
std::string command_that_explains(const DiagnosticSink& sink) {
  std::vector<std::string_view> identifiers;
  for (const Diagnostic* diagnostic : sink.sorted()) {
    const std::string_view identifier = name_of(diagnostic->id).identifier;
    if (std::find(identifiers.begin(), identifiers.end(), identifier) == identifiers.end()) {
      identifiers.push_back(identifier);
    }
  }
  std::string command = "more: twowayc explain-error";
  for (std::size_t i = 0; i < std::min(identifiers.size(), most_identifiers); ++i) {
    command += fmt::format(" {}", identifiers[i]);
  }
  return command;
}

}  // namespace

void print_diagnostics(const DiagnosticSink& sink, const SourceSet& sources) {
  const std::string text = sink.print(sources);
  fmt::print(stderr, "{}", text);
  if (!text.empty()) fmt::print(stderr, "{}\n", command_that_explains(sink));
}

std::optional<MappingModel> compiled(const std::string& mapping) {
  DiagnosticSink sink;
  SourceSet sources;
  std::optional<MappingModel> model = compile(mapping, sink, sources);
  print_diagnostics(sink, sources);
  return model;
}

}  // namespace twowayc
