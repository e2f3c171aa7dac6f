// Diagnostics as text, in the form that compilers have taught people and editors to read.
#pragma once

#include <string>

#include "generator/source/diagnostic.h"
#include "generator/source/source_set.h"

namespace twowayc {

/// `path:line:column: error: message [identifier]`, the source line with a caret below, the notes in the same form and
/// the hint. Long source lines are cut around the caret; tabs are shown as they are, wide text is measured in columns.
std::string print_diagnostic(const Diagnostic& diagnostic, const SourceSet& sources);

/// The source line at the position and below it a caret with a tail under the token; empty without a line.
std::string print_excerpt(Position position, const SourceSet& sources);

}  // namespace twowayc
