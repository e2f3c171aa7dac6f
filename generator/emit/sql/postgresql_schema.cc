#include "generator/emit/sql/postgresql_schema.h"

#include <fmt/format.h>

#include "generator/emit/sql/clauses.h"
#include "generator/emit/text/literal.h"
#include "generator/model/dialect.h"

namespace twowayc {
namespace {

/// A real is a double everywhere else, so it must not become PostgreSQL's REAL, which has half of the bits.
std::string type_name(const SqlColumn& column) {
  switch (column.type) {
    case SqlType::text: return "TEXT";
    case SqlType::varchar: return column.length == 0 ? "VARCHAR" : fmt::format("VARCHAR({})", column.length);
    case SqlType::bigint: return "BIGINT";
    case SqlType::integer: return "INTEGER";
    case SqlType::boolean: return "BOOLEAN";
    case SqlType::json: return "JSON";
    case SqlType::date: return "DATE";
    case SqlType::datetime: return "TIMESTAMP WITHOUT TIME ZONE";
    case SqlType::real: return "DOUBLE PRECISION";
    case SqlType::numeric:
      return "NUMERIC";
    case SqlType::blob: return "BYTEA";
  }
  return "TEXT";
}

std::string column_definition(const SqlColumn& column) {
  std::string out = sql_name(column.name) + " " + type_name(column);
  if (!column.postgresql.sequence.empty()) {
    out += fmt::format(" DEFAULT nextval({}::regclass)", sql_text(sql_name(column.postgresql.sequence)));
  } else if (column.default_sql) {
    out += " DEFAULT " + *column.default_sql;
  }
  if (!column.nullable) out += " NOT NULL";
  return out;
}

std::string create_table(const SqlTable& table) {
  if (!table.postgresql_create.empty()) return table.postgresql_create;
  std::vector<std::string> parts;
  for (const SqlColumn& column : table.columns) parts.push_back(column_definition(column));
  for (std::string& clause : table_constraints(table)) parts.push_back(std::move(clause));
  return fmt::format("CREATE TABLE {} (\n  {}\n)", sql_name(table.name), joined(parts, ",\n  "));
}

std::string create_sequence(const SqlColumn& column) {
  return fmt::format("CREATE SEQUENCE {} AS {}", sql_name(column.postgresql.sequence), type_name(column));
}

std::string own_sequence(const SqlTable& table, const SqlColumn& column) {
  return fmt::format("ALTER SEQUENCE {} OWNED BY {}.{}", sql_name(column.postgresql.sequence), sql_name(table.name),
                     sql_name(column.name));
}

}  // namespace

std::vector<std::string> postgresql_schema(const MappingModel& model) {
  std::vector<std::string> sequences, tables{create_version_table(model.schema)}, owners, indexes, keys;
  for (const SqlTable& declared : model.schema.tables) {
    const SqlTable table = in_dialect(declared, Dialect::postgresql);
    tables.push_back(create_table(table));
    for (const SqlColumn& column : table.columns) {
      if (column.postgresql.sequence.empty()) continue;
      sequences.push_back(create_sequence(column));
      owners.push_back(own_sequence(table, column));
    }
    for (const SqlIndex& index : table.indexes) indexes.push_back(create_index(table, index));
    for (const SqlForeignKey& key : table.foreign_keys) {
      keys.push_back(fmt::format("ALTER TABLE {} ADD {}", sql_name(table.name), foreign_key(key)));
    }
  }
  std::vector<std::string> out = model.schema.postgresql_before;
  for (std::vector<std::string>* part : {&sequences, &tables, &owners, &indexes, &keys}) {
    for (std::string& statement : *part) out.push_back(std::move(statement));
  }
  out.push_back(insert_version(model.schema));
  std::erase(out, "");
  return out;
}

}  // namespace twowayc
