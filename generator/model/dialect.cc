#include "generator/model/dialect.h"

namespace twowayc {
namespace {

template <class Part>
void keep(Dialect dialect, std::vector<Part>& parts) {
  std::erase_if(parts, [&](const Part& part) { return !has(dialect, part); });
}

/// Appends the columns that stand behind `anchor` and, behind each of them, those that stand behind it.
void append_behind(const std::string& anchor, const std::vector<SqlColumn>& all, std::vector<SqlColumn>& out) {
  for (const SqlColumn& column : all) {
    if (column.postgresql.after != anchor) continue;
    out.push_back(column);
    append_behind(column.name, all, out);
  }
}

/// PostgreSQL has no numbers for truth.
void write_truth(SqlColumn& column) {
  if (column.type != SqlType::boolean || !column.default_sql) return;
  const std::string& text = *column.default_sql;
  if (text == "0" || text == "'0'") column.default_sql = "false";
  if (text == "1" || text == "'1'") column.default_sql = "true";
}

}  // namespace

SqlTable in_dialect(const SqlTable& table, Dialect dialect) {
  SqlTable result = table;
  keep(dialect, result.uniques);
  keep(dialect, result.foreign_keys);
  keep(dialect, result.checks);
  keep(dialect, result.indexes);
  if (dialect != Dialect::postgresql) return result;
  if (!table.postgresql_primary_key.empty()) result.primary_key.name = table.postgresql_primary_key;
  result.columns.clear();
  append_behind("", table.columns, result.columns);
  for (SqlColumn& column : result.columns) {
    write_truth(column);
    if (column.postgresql.default_sql) column.default_sql = column.postgresql.default_sql;
  }
  return result;
}

}  // namespace twowayc
