// What a database says of its own schema, so that two can be compared.
#pragma once

#include <string>
#include <vector>

#include "tests/support/sqlite_file.h"

namespace twowayc::test {

/// Rows as text.
std::string described(const std::vector<twoway::test::Row>& rows);

/// All tables with their columns, indexes, foreign keys and checks, a line each.
std::vector<std::string> sqlite_catalog(twoway::test::SqliteFile& file);

/// All that the catalogs of a database of the shared cluster say of a schema, a line an object, sorted.
std::vector<std::string> postgresql_catalog(const std::string& database, const std::string& schema = "public");

}  // namespace twowayc::test
