#include "runtime/store/postgresql/unfinished.h"

#include <fmt/format.h>

namespace twoway::postgresql::unfinished {

namespace {

constexpr std::string_view index_kind = "index", key_kind = "foreign key", batch_kind = "batch";

void insert(Connection& connection, std::string_view kind, std::string_view table, const std::string& name,
            const std::string& definition, const std::vector<std::string>& columns, const std::string& referenced_table,
            const std::vector<std::string>& referenced_columns) {
  std::string memory[2];
  const Parameter parameters[] = {
      text_parameter(kind),       text_parameter(table),
      text_parameter(name),       text_parameter(definition),
      text_array_parameter(columns, memory[0]),
      text_parameter(referenced_table),
      text_array_parameter(referenced_columns, memory[1])};
  connection.query(fmt::format("INSERT INTO {} (kind, table_name, name, definition, columns, referenced_table, "
                               "referenced_columns) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                               unfinished_table_name),
                   parameters);
}

}  // namespace

bool exists(Connection& connection) {
  const std::string name = quoted_name(connection.schema()) + "." + std::string(unfinished_table_name);
  const Parameter parameter = text_parameter(name);
  return connection.integer("SELECT pg_catalog.to_regclass($1::text) IS NOT NULL", {&parameter, 1}) != 0;
}

void create(Connection& connection) {
  connection.execute(fmt::format(
      "CREATE TABLE IF NOT EXISTS {} (place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text NOT NULL, "
      "table_name text NOT NULL, name text NOT NULL, definition text NOT NULL, columns text[] NOT NULL, "
      "referenced_table text NOT NULL, referenced_columns text[] NOT NULL)",
      unfinished_table_name));
}

void add(Connection& connection, const LiveTable& table, const LiveIndex& index) {
  insert(connection, index_kind, table.name, index.name, index.definition, index.evaluated, {}, {});
}

void add(Connection& connection, const LiveTable& table, const LiveForeignKey& key) {
  insert(connection, key_kind, table.name, key.name, key.definition, key.columns, key.referenced_table,
         key.referenced_columns);
}

std::vector<SetAside> all(Connection& connection) {
  const Result rows = connection.query(
      fmt::format("SELECT place, kind, table_name, name, definition, columns, referenced_table, referenced_columns "
                  "FROM {} WHERE kind <> '{}' ORDER BY place",
                  unfinished_table_name, batch_kind));
  std::vector<SetAside> out;
  for (int i = 0; i < rows.rows(); ++i) {
    out.push_back({rows.integer(i, 0), rows.text(i, 1) == key_kind, rows.text(i, 2), rows.text(i, 3), rows.text(i, 4),
                   rows.texts(i, 5), rows.text(i, 6), rows.texts(i, 7)});
  }
  return out;
}

void remove(Connection& connection, const SetAside& what) {
  connection.execute(fmt::format("DELETE FROM {} WHERE place = {}", unfinished_table_name, what.place));
}

void mark(Connection& connection, std::string_view batch) {
  insert(connection, batch_kind, {}, std::string(batch), {}, {}, {}, {});
}

bool is_marked(Connection& connection, std::string_view batch) {
  if (!exists(connection)) return false;
  const Parameter name = text_parameter(batch);
  return connection.integer(fmt::format("SELECT EXISTS (SELECT FROM {} WHERE kind = '{}' AND name = $1)",
                                        unfinished_table_name, batch_kind),
                            {&name, 1}) != 0;
}

void forget_marks(Connection& connection) {
  if (!exists(connection)) return;
  connection.execute(fmt::format("DELETE FROM {} WHERE kind = '{}'", unfinished_table_name, batch_kind));
  if (all(connection).empty()) connection.execute(fmt::format("DROP TABLE {}", unfinished_table_name));
}

}  // namespace twoway::postgresql::unfinished
