#include "generator/emit/sql/sqlite_schema.h"

#include <fmt/format.h>

#include "generator/emit/sql/clauses.h"
#include "generator/emit/text/literal.h"
#include "generator/model/dialect.h"

namespace twowayc {
namespace {

std::string type_name(const SqlColumn& column) {
  switch (column.type) {
    case SqlType::text: return "TEXT";
    case SqlType::varchar: return column.length == 0 ? "VARCHAR" : fmt::format("VARCHAR({})", column.length);
    case SqlType::bigint: return "BIGINT";
    case SqlType::integer: return "INTEGER";
    case SqlType::boolean: return "BOOLEAN";
    case SqlType::json: return "JSON";
    case SqlType::date: return "DATE";
    case SqlType::datetime: return "DATETIME";
    case SqlType::real: return "REAL";
    case SqlType::numeric:
      return "NUMERIC";
    case SqlType::blob: return "BLOB";
  }
  return "TEXT";
}

std::string column_definition(const SqlColumn& column) {
  std::string out = sql_name(column.name) + " " + type_name(column);
  if (column.default_sql) out += " DEFAULT " + *column.default_sql;
  if (!column.nullable) out += " NOT NULL";
  return out;
}

std::string create_table(const SqlTable& table) {
  if (!table.sqlite_create.empty()) return table.sqlite_create;
  std::vector<std::string> parts;
  for (const SqlColumn& column : table.columns) parts.push_back(column_definition(column));
  for (std::string& clause : table_constraints(table)) parts.push_back(std::move(clause));
  for (const SqlForeignKey& key : table.foreign_keys) parts.push_back(foreign_key(key));
  return fmt::format("CREATE TABLE {} (\n  {}\n)", sql_name(table.name), joined(parts, ",\n  "));
}

}  // namespace

std::vector<std::string> sqlite_schema(const MappingModel& model) {
  std::vector<SqlTable> tables;
  for (const SqlTable& table : model.schema.tables) tables.push_back(in_dialect(table, Dialect::sqlite));
  std::vector<std::string> out{create_version_table(model.schema)};
  for (const SqlTable& table : tables) out.push_back(create_table(table));
  for (const SqlTable& table : tables) {
    for (const SqlIndex& index : table.indexes) out.push_back(create_index(table, index));
  }
  out.push_back(insert_version(model.schema));
  std::erase(out, "");
  return out;
}

}  // namespace twowayc
