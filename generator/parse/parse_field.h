// One entry of `fields:`.
#pragma once

#include "generator/parse/node.h"
#include "generator/parse/syntax.h"
#include "generator/source/diagnostic.h"

namespace twowayc {

/// Reads the options of a field as they stand; whether they fit its lens is checked later.
syntax::Field parse_field(const Node::Entry& entry, DiagnosticSink& sink);

/// `512MiB`: a number of bytes with a unit. Reports anything else.
syntax::Option<std::size_t> parse_size(const Node& node, DiagnosticSink& sink);

}  // namespace twowayc
