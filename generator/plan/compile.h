// The front half of the compiler in one call.
#pragma once

#include <filesystem>
#include <optional>

#include "generator/model/mapping_model.h"
#include "generator/source/diagnostic.h"
#include "generator/source/source_set.h"

namespace twowayc {

/// Loads, parses, resolves, checks and plans the mapping in a folder. Nothing is returned if and only if the sink got
/// an error. The sink may hold warnings in either case; `sink.print(sources)` is the text for people.
std::optional<MappingModel> compile(const std::filesystem::path& mapping_directory, DiagnosticSink& sink,
                                    SourceSet& sources);

}  // namespace twowayc
