// The hooks of a mapping: that by which twoway moves whole collections into and out of a running PocketBase, and the
// routes that the mapping declares.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "generator/model/mapping_model.h"

namespace twowayc {

/// File name and content of each file for pb_hooks/; twoway's own is the first.
std::vector<std::pair<std::string, std::string>> pocketbase_hooks(const MappingModel& model);

/// The routes' code, which is the same for every mapping: all that follows the mapping's own constants.
std::string_view hook_routes();

}  // namespace twowayc
