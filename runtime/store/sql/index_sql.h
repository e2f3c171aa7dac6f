// What SQLite tells of an index only in the text of its statement.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace twoway::sql_sqlite {

/// The parts of `CREATE INDEX name ON table (PARTS) WHERE PREDICATE`, as they are written.
struct IndexSql {
  std::vector<std::string> parts;  ///< without ASC and DESC
  std::string where;               ///< may be empty
};

/// `sql` is a statement that SQLite has accepted, as it stands in sqlite_schema.
IndexSql parse_index(std::string_view sql);

}  // namespace twoway::sql_sqlite
