// Compiles a mapping for a command.
#pragma once

#include <optional>
#include <string>

#include "generator/model/mapping_model.h"
#include "generator/source/diagnostic.h"
#include "generator/source/source_set.h"

namespace twowayc {

/// Prints everything to stderr, and the command that explains it.
void print_diagnostics(const DiagnosticSink& sink, const SourceSet& sources);

/// The model, after everything that there is to say about the mapping has gone to stderr. Nothing where it has errors.
std::optional<MappingModel> compiled(const std::string& mapping);

}  // namespace twowayc
