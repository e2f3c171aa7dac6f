// The SQL side's own tables, as SQLite statements.
#pragma once

#include <string>
#include <vector>

#include "generator/model/mapping_model.h"

namespace twowayc {

/// Statements that make an empty database with the mapping's schema, in order: tables, indexes, the version's row.
std::vector<std::string> sqlite_schema(const MappingModel& model);

}  // namespace twowayc
