#include "generator/source/diagnostic.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <tuple>

#include "generator/source/printer.h"
#include "generator/source/suggest.h"

namespace twowayc {
namespace {

constexpr std::size_t most_candidates_listed = 20;

}  // namespace

Diagnostic& Diagnostic::with_note(Position where, std::string text) {
  notes.push_back({where, std::move(text)});
  return *this;
}

Diagnostic& Diagnostic::with_hint(std::string text) {
  hint = std::move(text);
  return *this;
}

Diagnostic& Diagnostic::with_suggestion(std::string_view wrong, std::span<const std::string> candidates) {
  if (const auto nearest = nearest_name(wrong, candidates)) {
    hint = fmt::format("did you mean '{}'?", *nearest);
  } else if (!candidates.empty() && candidates.size() <= most_candidates_listed) {
    hint = fmt::format("there {} {}", candidates.size() == 1 ? "is" : "are", fmt::join(candidates, ", "));
  }
  return *this;
}

Diagnostic& DiagnosticSink::add(Diagnostic diagnostic) {
  if (diagnostics_.size() < most_kept) {
    diagnostics_.push_back(std::move(diagnostic));
    return diagnostics_.back();
  }
  ++dropped_count_;
  dropped_ = std::move(diagnostic);
  return dropped_;
}

Diagnostic& DiagnosticSink::error(DiagnosticId id, Position position, std::string message) {
  ++error_count_;
  return add({id, Severity::error, position, {}, std::move(message), {}, {}});
}

Diagnostic& DiagnosticSink::warning(DiagnosticId id, Position position, std::string message) {
  return add({id, Severity::warning, position, {}, std::move(message), {}, {}});
}

Diagnostic& DiagnosticSink::error_at_path(DiagnosticId id, std::string path, std::string message) {
  Diagnostic& result = error(id, {}, std::move(message));
  result.path = std::move(path);
  return result;
}

std::vector<const Diagnostic*> DiagnosticSink::sorted() const {
  std::vector<const Diagnostic*> result;
  for (const Diagnostic& diagnostic : diagnostics_) result.push_back(&diagnostic);
  const auto rank = [](const Diagnostic& d) {
    return std::tuple(!d.path.empty(), d.path, d.position.file, d.position.line, d.position.column, d.id, d.message);
  };
  std::stable_sort(result.begin(), result.end(),
                   [&](const Diagnostic* a, const Diagnostic* b) { return rank(*a) < rank(*b); });
  return result;
}

std::string DiagnosticSink::print(const SourceSet& sources) const {
  std::string text;
  for (const Diagnostic* diagnostic : sorted()) text += print_diagnostic(*diagnostic, sources);
  if (dropped_count_ != 0) text += fmt::format("{} more are not shown\n", dropped_count_);
  return text;
}

}  // namespace twowayc
