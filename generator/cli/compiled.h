// Compiles a mapping for a command.
#pragma once

#include <optional>
#include <string>

#include "generator/model/mapping_model.h"

namespace twowayc {

/// The model, after everything that there is to say about the mapping has gone to stderr. Nothing where it has errors.
std::optional<MappingModel> compiled(const std::string& mapping);

}  // namespace twowayc
