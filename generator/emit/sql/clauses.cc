#include "generator/emit/sql/clauses.h"

#include <fmt/format.h>

#include "generator/emit/text/literal.h"

namespace twowayc {
namespace {

std::string constraint(const std::string& name) { return name.empty() ? "" : "CONSTRAINT " + sql_name(name) + " "; }

std::string upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
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

}  // namespace

std::string sql_names(const std::vector<std::string>& names) {
  std::vector<std::string> quoted;
  for (const std::string& name : names) quoted.push_back(sql_name(name));
  return joined(quoted, ", ");
}

std::vector<std::string> table_constraints(const SqlTable& table) {
  std::vector<std::string> out;
  if (!table.primary_key.columns.empty()) {
    out.push_back(
        fmt::format("{}PRIMARY KEY ({})", constraint(table.primary_key.name), sql_names(table.primary_key.columns)));
  }
  for (const SqlUnique& unique : table.uniques) {
    out.push_back(fmt::format("{}UNIQUE ({})", constraint(unique.name), sql_names(unique.columns)));
  }
  for (const SqlCheck& check : table.checks) {
    out.push_back(fmt::format("{}CHECK ({})", constraint(check.name), check.sql));
  }
  return out;
}

std::string foreign_key(const SqlForeignKey& key) {
  std::string out = fmt::format("{}FOREIGN KEY({}) REFERENCES {} ({})", constraint(key.name), sql_names(key.columns),
                                sql_name(key.table), sql_names(key.target_columns));
  if (!key.on_delete.empty()) out += " ON DELETE " + upper(key.on_delete);
  return out;
}

std::string create_index(const SqlTable& table, const SqlIndex& index) {
  std::vector<std::string> terms;
  for (const std::string& term : index.terms) terms.push_back(index_term(table, term));
  std::string out = fmt::format("CREATE {}INDEX {} ON {} ({})", index.unique ? "UNIQUE " : "", sql_name(index.name),
                                sql_name(table.name), joined(terms, ", "));
  if (!index.where.empty()) out += " WHERE " + index.where;
  return out;
}

std::string create_version_table(const SqlSchema& schema) {
  if (schema.version_table.empty() || schema.find(schema.version_table) != nullptr) return {};
  return fmt::format("CREATE TABLE {} (\n  {} VARCHAR(255) NOT NULL,\n  PRIMARY KEY ({})\n)",
                     sql_name(schema.version_table), sql_name(schema.version_column),
                     sql_name(schema.version_column));
}

std::string insert_version(const SqlSchema& schema) {
  if (schema.version_table.empty()) return {};
  return fmt::format("INSERT INTO {} ({}) VALUES ({})", sql_name(schema.version_table),
                     sql_name(schema.version_column), sql_text(schema.version_value));
}

}  // namespace twowayc
