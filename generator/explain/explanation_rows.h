// The explanations, a file a stage. Only explanation.cc puts them together.
#pragma once

#include <span>
#include <string_view>

#include "generator/explain/explanation.h"
#include "generator/source/diagnostic_ids.h"
#include "generator/source/finding_ids.h"

namespace twowayc {

/// An explanation without the words that diagnostic_ids.h has.
struct ExplanationRow {
  DiagnosticId id;
  std::string_view why;
  std::string_view file, bad, good;
  bool replayed = true;
};

/// The same for what vet and breaking find.
struct VetRow {
  VetFinding id;
  std::string_view why;
  std::string_view file, bad, good;
  bool replayed = true;
};
struct BreakingRow {
  BreakingFinding id;
  std::string_view why;
  std::string_view file, bad, good;
  bool replayed = true;
};

std::span<const ExplanationRow> explained_source();
std::span<const ExplanationRow> explained_parse();
std::span<const ExplanationRow> explained_resolve();
std::span<const ExplanationRow> explained_coverage();
std::span<const ExplanationRow> explained_fields();
std::span<const ExplanationRow> explained_keys();
std::span<const ExplanationRow> explained_names();
std::span<const ExplanationRow> explained_plan();
std::span<const VetRow> explained_vet();
std::span<const BreakingRow> explained_breaking();

}  // namespace twowayc
