#include "runtime/store/sqlite/schema.h"

#include <algorithm>
#include <cctype>
#include <set>

#include <fmt/format.h>

namespace twoway::sqlite {

namespace {

std::string string_of(const Value& value) { return value.is_text() ? std::string(value.bytes()) : std::string(); }

void read_columns(Connection& connection, LiveTable& table) {
  Statement info = connection.prepare(
      "SELECT name, type, \"notnull\", dflt_value IS NOT NULL, pk, hidden FROM pragma_table_xinfo(?)");
  info.bind(0, Value::text(table.name));
  while (info.step()) {
    LiveColumn column;
    column.name = string_of(info.column(0));
    column.declared_type = string_of(info.column(1));
    column.not_null = info.column(2).as_integer() != 0;
    column.has_default = info.column(3).as_integer() != 0;
    column.primary_key = static_cast<int>(info.column(4).as_integer());
    const auto hidden = info.column(5).as_integer();
    column.generated = hidden == 2 || hidden == 3;
    if (hidden != 1) table.columns.push_back(std::move(column));
  }
}

}  // namespace

const LiveColumn* LiveTable::find(std::string_view column) const {
  for (const LiveColumn& candidate : columns) {
    if (candidate.name == column) return &candidate;
  }
  return nullptr;
}

std::string LiveTable::rowid_name() const {
  if (without_rowid) return {};
  for (const char* candidate : {"rowid", "_rowid_", "oid"}) {
    const bool taken = std::any_of(columns.begin(), columns.end(), [&](const LiveColumn& column) {
      std::string lower = column.name;
      std::transform(lower.begin(), lower.end(), lower.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      return lower == candidate;
    });
    if (!taken) return candidate;
  }
  return {};
}

const LiveTable* LiveSchema::find(std::string_view table) const {
  for (const LiveTable& candidate : tables) {
    if (candidate.name == table) return &candidate;
  }
  return nullptr;
}

LiveSchema read_schema(Connection& connection) {
  LiveSchema schema;
  Statement list = connection.prepare(
      "SELECT l.name, l.type, l.wr, s.sql FROM pragma_table_list AS l JOIN sqlite_schema AS s ON s.name = l.name "
      "WHERE l.schema = 'main' AND l.type IN ('table', 'virtual', 'shadow') "
      "AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY l.name");
  while (list.step()) {
    LiveTable table;
    table.name = string_of(list.column(0));
    table.is_virtual = string_of(list.column(1)) != "table";
    table.without_rowid = list.column(2).as_integer() != 0;
    table.sql = string_of(list.column(3));
    read_columns(connection, table);
    schema.tables.push_back(std::move(table));
  }
  Statement objects = connection.prepare(
      "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE type IN ('index', 'trigger', 'view') "
      "AND sql IS NOT NULL ORDER BY type, name");
  while (objects.step()) {
    schema.objects.push_back({string_of(objects.column(0)), string_of(objects.column(1)), string_of(objects.column(2)),
                              string_of(objects.column(3))});
  }
  return schema;
}

namespace {

/// The columns of each unique index that is neither partial nor of another collation, nor over expressions.
std::vector<std::vector<std::string>> unique_indexes(Connection& connection, const LiveTable& table) {
  std::vector<std::vector<std::string>> found;
  Statement indexes =
      connection.prepare("SELECT name FROM pragma_index_list(?) WHERE \"unique\" = 1 AND partial = 0 ORDER BY name");
  indexes.bind(0, Value::text(table.name));
  while (indexes.step()) {
    Statement terms = connection.prepare("SELECT name, coll FROM pragma_index_xinfo(?) WHERE key = 1");
    const std::string index = string_of(indexes.column(0));
    terms.bind(0, Value::text(index));
    std::vector<std::string> columns;
    bool plain = true;
    while (terms.step()) {
      columns.push_back(string_of(terms.column(0)));
      plain = plain && terms.column(0).is_text() && string_of(terms.column(1)) == "BINARY";
    }
    if (plain) found.push_back(std::move(columns));
  }
  return found;
}

}  // namespace

std::vector<std::string> unique_key(Connection& connection, const LiveTable& table) {
  std::vector<std::string> primary;
  for (int position = 1;; ++position) {
    const auto next = std::find_if(table.columns.begin(), table.columns.end(),
                                   [&](const LiveColumn& column) { return column.primary_key == position; });
    if (next == table.columns.end()) break;
    primary.push_back(next->name);
  }
  if (!primary.empty()) return primary;
  for (const auto& columns : unique_indexes(connection, table)) {
    const auto required = [&](const std::string& name) { return table.find(name)->not_null; };
    if (std::all_of(columns.begin(), columns.end(), required)) return columns;
  }
  return {};
}

bool has_unique_key(Connection& connection, const LiveTable& table, const std::vector<std::string>& columns) {
  const std::set<std::string> wanted(columns.begin(), columns.end());
  std::set<std::string> primary;
  for (const LiveColumn& column : table.columns) {
    if (column.primary_key > 0) primary.insert(column.name);
  }
  // An INTEGER PRIMARY KEY has no index of its own.
  if (primary == wanted) return true;
  for (const auto& index : unique_indexes(connection, table)) {
    if (std::set<std::string>(index.begin(), index.end()) == wanted) return true;
  }
  return false;
}

}  // namespace twoway::sqlite
