// Parts of the migration.
#pragma once

#include <string>
#include <vector>

#include "generator/emit/text/lines.h"
#include "generator/model/mapping_model.h"

namespace twowayc {

/// Removes fields of PocketBase's users whose names the mapping gives to fields of other types.
void add_users_up(const MappingModel& model, Lines& out);
/// Makes the users PocketBase's own again.
void add_users_down(const MappingModel& model, Lines& out);
/// Removes all other collections, whatever refers to whatever.
void add_collections_down(const MappingModel& model, Lines& out);

/// `["a", "b"]`
std::string javascript_list(const std::vector<std::string>& items);

}  // namespace twowayc
