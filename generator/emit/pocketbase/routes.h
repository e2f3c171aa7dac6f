// The routes that a mapping declares, as a hook for PocketBase.
#pragma once

#include <string>

#include "generator/model/mapping_model.h"

namespace twowayc {

bool has_routes(const MappingModel& model);

/// The content of the file for pb_hooks/ in which all of them stand.
std::string declared_routes(const MappingModel& model);

}  // namespace twowayc
