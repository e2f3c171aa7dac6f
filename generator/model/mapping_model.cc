#include "generator/model/mapping_model.h"

#include <algorithm>

namespace twowayc {

const SqlColumn* SqlTable::find(const std::string& column) const {
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const SqlColumn& c) { return c.name == column; });
  return found == columns.end() ? nullptr : &*found;
}

const SqlTable* SqlSchema::find(const std::string& table) const {
  const auto found = std::find_if(tables.begin(), tables.end(), [&](const SqlTable& t) { return t.name == table; });
  return found == tables.end() ? nullptr : &*found;
}

}  // namespace twowayc
