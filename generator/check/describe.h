// Words for types, in diagnostics and pages.
#pragma once

#include <string>
#include <string_view>

#include "generator/model/mapping_model.h"

namespace twowayc {

/// As it is written in sql/*.yaml: "varchar".
std::string_view describe(SqlType type);
/// As PocketBase calls it: "relation".
std::string_view describe(PocketBaseType type);

/// The line of an entity file that would map this column, as far as its declaration lets one guess.
std::string suggested_field(const SqlSchema& schema, const SqlTable& table, const SqlColumn& column,
                            const std::string& qualified);

}  // namespace twowayc
