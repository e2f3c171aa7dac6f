// The PocketBase migration: all collections of a mapping, and the way back.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "generator/emit/output/file_tree.h"
#include "generator/model/mapping_model.h"

namespace twowayc {

/// File name and content of each migration, in the order in which PocketBase runs them.
std::vector<std::pair<std::string, std::string>> pocketbase_migrations(const MappingModel& model);

}  // namespace twowayc
