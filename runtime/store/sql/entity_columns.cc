#include "runtime/store/sql/entity_columns.h"

#include <algorithm>

#include <fmt/format.h>

namespace twoway::sql_sqlite {

using sqlite::quoted_name;

std::pair<std::string_view, std::string_view> split_name(const Entity& entity, std::string_view name) {
  for (const Join& join : entity.joins) {
    if (name.size() > join.table.size() && name.substr(0, join.table.size()) == join.table &&
        name[join.table.size()] == '.') {
      return {join.table, name.substr(join.table.size() + 1)};
    }
  }
  return {entity.table, name};
}

bool is_known(const Entity& entity, std::string_view table, std::string_view column) {
  const auto mapped = [&](const Column& candidate) { return candidate.table == table && candidate.name == column; };
  if (std::any_of(entity.columns.begin(), entity.columns.end(), mapped)) return true;
  const auto joined = [&](const Join& join) { return join.table == table && join.column == column; };
  if (std::any_of(entity.joins.begin(), entity.joins.end(), joined)) return true;
  const auto declared = [&](const Declared& candidate) {
    return split_name(entity, candidate.name) == std::pair<std::string_view, std::string_view>(table, column);
  };
  return std::any_of(entity.declared.begin(), entity.declared.end(), declared);
}

std::vector<UnknownColumn> unknown_columns(const Entity& entity, const sqlite::LiveSchema& schema) {
  std::vector<UnknownColumn> unknown;
  const auto collect = [&](std::string_view table, bool joined) {
    const sqlite::LiveTable* live = schema.find(table);
    if (live == nullptr) return;
    for (const sqlite::LiveColumn& column : live->columns) {
      if (column.generated || is_known(entity, table, column.name)) continue;
      unknown.push_back({joined ? fmt::format("{}.{}", table, column.name) : column.name, column.declared_type});
    }
  };
  collect(entity.table, false);
  for (const Join& join : entity.joins) collect(join.table, true);
  return unknown;
}

std::string qualified(const Entity& entity, std::string_view table, std::string_view column) {
  for (std::size_t i = 0; i < entity.joins.size(); ++i) {
    if (entity.joins[i].table == table) return fmt::format("j{}.{}", i, quoted_name(column));
  }
  return fmt::format("t.{}", quoted_name(column));
}

std::string select_rows(const Entity& entity, const std::vector<UnknownColumn>& unknown) {
  std::string sql = "SELECT ";
  for (const Column& column : entity.columns) sql += qualified(entity, column.table, column.name) + ", ";
  for (const Join& join : entity.joins) sql += qualified(entity, join.table, join.column) + " IS NOT NULL, ";
  for (const UnknownColumn& column : unknown) {
    const auto [table, name] = split_name(entity, column.name);
    sql += qualified(entity, table, name) + ", ";
  }
  sql.resize(sql.size() - 2);
  sql += fmt::format(" FROM {} AS t", quoted_name(entity.table));
  for (std::size_t i = 0; i < entity.joins.size(); ++i) {
    const Join& join = entity.joins[i];
    sql += fmt::format(" LEFT JOIN {} AS j{} ON j{}.{} = t.{}", quoted_name(join.table), i, i, quoted_name(join.column),
                       quoted_name(join.base_column));
  }
  return sql;
}

std::size_t fill_row(const sqlite::Statement& statement, const Entity& entity, void* row) {
  std::size_t bytes = 0;
  int index = 0;
  for (const Column& column : entity.columns) {
    Value value = statement.column(index++);
    bytes += value.is_text() || value.is_blob() ? value.bytes().size() : sizeof(std::int64_t);
    cell(row, column.offset) = value;
  }
  for (const Join& join : entity.joins) cell(row, join.marker_offset) = statement.column(index++);
  return bytes;
}

}  // namespace twoway::sql_sqlite
