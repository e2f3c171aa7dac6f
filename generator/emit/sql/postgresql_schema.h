// The SQL side's own tables, as PostgreSQL statements.
#pragma once

#include <string>
#include <vector>

#include "generator/model/mapping_model.h"

namespace twowayc {

/// Statements that make an empty database with the mapping's schema, in order: sequences, tables, the sequences'
/// owners, indexes, foreign keys, the version's row. No name is qualified: the search path says which schema it is.
std::vector<std::string> postgresql_schema(const MappingModel& model);

}  // namespace twowayc
