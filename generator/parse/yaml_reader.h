// From the bytes of a file to a tree. yaml-cpp is used here and nowhere else, and none of its exceptions leave.
#pragma once

#include <cstdint>
#include <optional>

#include "generator/parse/node.h"
#include "generator/source/diagnostic.h"
#include "generator/source/source_set.h"

namespace twowayc {

inline constexpr std::size_t deepest_nesting = 32;

/// Reads a file of one YAML document. Syntax errors, anchors, aliases, merge keys, tags, further documents, duplicate
/// keys and keys that are no text are reported; nothing is returned if any were.
std::optional<Node> read_yaml(std::uint32_t file, const SourceSet& sources, DiagnosticSink& sink);

}  // namespace twowayc
