// Templates such as "{chat_id}-{parent_id}".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "generator/parse/syntax.h"
#include "generator/source/diagnostic.h"
#include "generator/source/source_set.h"

namespace twowayc {

/// A literal or a name in braces.
struct TemplatePiece {
  std::string text;
  bool is_name = false;
  Position position;    ///< of the piece itself; of the whole text where escapes or folding hide it
};

/// Splits a template; reports braces that do not match, names that are empty and a template without any name.
std::optional<std::vector<TemplatePiece>> parse_template(const syntax::Text& text, const SourceSet& sources,
                                                         DiagnosticSink& sink);

}  // namespace twowayc
