#include "generator/emit/sql/sqlite_schema.h"

#include <fmt/format.h>

#include "generator/emit/text/literal.h"

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
    case SqlType::blob: return "BLOB";
  }
  return "TEXT";
}

std::string names(const std::vector<std::string>& columns) {
  std::vector<std::string> quoted;
  for (const std::string& column : columns) quoted.push_back(sql_name(column));
  return joined(quoted, ", ");
}

std::string constraint(const std::string& name) { return name.empty() ? "" : "CONSTRAINT " + sql_name(name) + " "; }

std::string upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

std::string column_definition(const SqlColumn& column) {
  std::string out = sql_name(column.name) + " " + type_name(column);
  if (column.default_sql) out += " DEFAULT " + *column.default_sql;
  if (!column.nullable) out += " NOT NULL";
  return out;
}

std::string foreign_key(const SqlForeignKey& key) {
  std::string out = fmt::format("{}FOREIGN KEY({}) REFERENCES {} ({})", constraint(key.name), names(key.columns),
                                sql_name(key.table), names(key.target_columns));
  if (!key.on_delete.empty()) out += " ON DELETE " + upper(key.on_delete);
  return out;
}

std::string create_table(const SqlTable& table) {
  std::vector<std::string> parts;
  for (const SqlColumn& column : table.columns) parts.push_back(column_definition(column));
  if (!table.primary_key.columns.empty()) {
    parts.push_back(
        fmt::format("{}PRIMARY KEY ({})", constraint(table.primary_key.name), names(table.primary_key.columns)));
  }
  for (const SqlUnique& unique : table.uniques) {
    parts.push_back(fmt::format("{}UNIQUE ({})", constraint(unique.name), names(unique.columns)));
  }
  for (const SqlCheck& check : table.checks) {
    parts.push_back(fmt::format("{}CHECK ({})", constraint(check.name), check.sql));
  }
  for (const SqlForeignKey& key : table.foreign_keys) parts.push_back(foreign_key(key));
  return fmt::format("CREATE TABLE {} (\n  {}\n)", sql_name(table.name), joined(parts, ",\n  "));
}

/// A column is quoted, also before ASC and DESC; any other term is an expression and stands as it is.
std::string index_term(const SqlTable& table, const std::string& term) {
  if (table.find(term) != nullptr) return sql_name(term);
  const std::size_t space = term.rfind(' ');
  if (space != std::string::npos && table.find(term.substr(0, space)) != nullptr) {
    const std::string direction = upper(term.substr(space + 1));
    if (direction == "ASC" || direction == "DESC") return sql_name(term.substr(0, space)) + " " + direction;
  }
  return term;
}

std::string create_index(const SqlTable& table, const SqlIndex& index) {
  std::vector<std::string> terms;
  for (const std::string& term : index.terms) terms.push_back(index_term(table, term));
  std::string out = fmt::format("CREATE {}INDEX {} ON {} ({})", index.unique ? "UNIQUE " : "", sql_name(index.name),
                                sql_name(table.name), joined(terms, ", "));
  if (!index.where.empty()) out += " WHERE " + index.where;
  return out;
}

}  // namespace

std::vector<std::string> sqlite_schema(const MappingModel& model) {
  const SqlSchema& schema = model.schema;
  std::vector<std::string> out;
  if (!schema.version_table.empty() && schema.find(schema.version_table) == nullptr) {
    out.push_back(fmt::format("CREATE TABLE {} (\n  {} VARCHAR(255) NOT NULL,\n  PRIMARY KEY ({})\n)",
                              sql_name(schema.version_table), sql_name(schema.version_column),
                              sql_name(schema.version_column)));
  }
  for (const SqlTable& table : schema.tables) out.push_back(create_table(table));
  for (const SqlTable& table : schema.tables) {
    for (const SqlIndex& index : table.indexes) out.push_back(create_index(table, index));
  }
  if (!schema.version_table.empty()) {
    out.push_back(fmt::format("INSERT INTO {} ({}) VALUES ({})", sql_name(schema.version_table),
                              sql_name(schema.version_column), sql_text(schema.version_value)));
  }
  return out;
}

}  // namespace twowayc
