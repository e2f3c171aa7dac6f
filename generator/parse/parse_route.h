// One entry of `routes:`.
#pragma once

#include "generator/parse/node.h"
#include "generator/parse/syntax.h"
#include "generator/source/diagnostic.h"

namespace twowayc {

/// Reads a route as it stands; whether its fields can answer it is checked later.
syntax::Route parse_route(const Node::Entry& entry, DiagnosticSink& sink);

}  // namespace twowayc
