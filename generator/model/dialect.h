// What one database has of a declared table.
#pragma once

#include "generator/model/mapping_model.h"

namespace twowayc {

/// True for what the dialect has: what is not declared for another one only.
template <class Part>
bool has(Dialect dialect, const Part& part) {
  return !part.only || *part.only == dialect;
}

/// The table as the dialect has it: its constraints and indexes, the names, defaults and order of columns it has there.
/// Columns that stand behind one another in a circle are left out; resolve_schema() reports them.
SqlTable in_dialect(const SqlTable& table, Dialect dialect);

}  // namespace twowayc
