#include "runtime/store/attic_entries.h"

#include <algorithm>
#include <array>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "runtime/store/kept.h"
#include "runtime/transform/residue.h"

namespace twoway::attic_entry {

namespace json = boost::json;

namespace {

constexpr std::array<std::pair<SqlType, std::string_view>, 8> words{{{SqlType::text, "text"},
                                                                     {SqlType::integer, "integer"},
                                                                     {SqlType::boolean, "boolean"},
                                                                     {SqlType::json, "json"},
                                                                     {SqlType::date, "date"},
                                                                     {SqlType::datetime, "datetime"},
                                                                     {SqlType::real, "real"},
                                                                     {SqlType::blob, "blob"}}};

std::string tagged_text(std::string_view text) { return tagged(Value::text(text)); }

std::string columns_text(const TableShape& shape) {
  json::array columns;
  std::string name;
  for (std::size_t i = 0; i < shape.columns.size(); ++i) {
    const TableColumn& column = shape.columns[i];
    const auto place = std::find(shape.key.begin(), shape.key.end(), i);
    name.clear();
    append_column_name(name, column.name);
    columns.push_back({{"name", name},
                       {"type", word_of(column.type)},
                       {"not_null", column.not_null},
                       {"key", place == shape.key.end() ? 0 : place - shape.key.begin() + 1}});
  }
  return json::serialize(columns);
}

/// A column of that text, and its place in the key.
std::optional<std::pair<TableColumn, std::size_t>> read_column(const json::value& value) {
  const json::object* object = value.if_object();
  if (object == nullptr) return std::nullopt;
  const json::value* name = object->if_contains("name");
  const json::value* type = object->if_contains("type");
  const json::value* not_null = object->if_contains("not_null");
  const json::value* key = object->if_contains("key");
  if (name == nullptr || !name->is_string() || type == nullptr || !type->is_string()) return std::nullopt;
  Arena arena;
  const auto column_name = read_column_name(name->get_string(), arena);
  const auto column_type = type_of(type->get_string());
  if (!column_name || !column_type) return std::nullopt;
  TableColumn column;
  column.name = *column_name;
  column.type = *column_type;
  column.not_null = not_null != nullptr && not_null->is_bool() && not_null->get_bool();
  const bool in_key = key != nullptr && key->is_int64() && key->get_int64() > 0;
  return std::pair{std::move(column), in_key ? static_cast<std::size_t>(key->get_int64()) : 0};
}

}  // namespace

std::string tagged(const Value& value) {
  std::string out;
  append_tagged(out, value);
  return out;
}

std::optional<std::string> text(const AtticEntry& entry, std::string_view name) {
  for (const auto& [candidate, value] : entry.values) {
    if (candidate != name) continue;
    Arena arena;
    const auto read = read_tagged(value, arena);
    if (!read || !read->is_text()) return std::nullopt;
    return std::string(read->bytes());
  }
  return std::nullopt;
}

std::string dialect(const AtticEntry& entry) { return text(entry, "dialect").value_or(std::string(sqlite)); }

AtticEntry table(const TableShape& shape, std::string_view sql, std::string_view dialect) {
  return {AtticEntry::What::table,
          shape.name,
          {},
          {{"sql", tagged_text(sql)},
           {"dialect", tagged_text(dialect)},
           {"columns", tagged_text(columns_text(shape))}}};
}

AtticEntry column(std::string_view table, const TableColumn& column, std::string_view dialect) {
  return {AtticEntry::What::column,
          std::string(table),
          column.name,
          {{"type", tagged_text(column.declared_type)},
           {"dialect", tagged_text(dialect)},
           {"word", tagged_text(word_of(column.type))}}};
}

AtticEntry object(const TableObject& object, std::string_view dialect) {
  return {AtticEntry::What::object,
          object.table,
          fmt::format("{} {}", object.type, object.name),
          {{"sql", tagged_text(object.sql)}, {"dialect", tagged_text(dialect)}}};
}

std::optional<TableShape> shape(const AtticEntry& entry) {
  const auto columns = text(entry, "columns");
  if (!columns) return std::nullopt;
  json::error_code error;
  const json::value document = json::parse(*columns, error);
  if (error || !document.is_array() || document.get_array().empty()) return std::nullopt;
  TableShape shape;
  shape.name = entry.table;
  shape.sql = text(entry, "sql").value_or("");
  std::vector<std::pair<std::size_t, std::size_t>> key;  // place, index
  for (const json::value& value : document.get_array()) {
    auto column = read_column(value);
    if (!column) return std::nullopt;
    if (column->second > 0) key.emplace_back(column->second, shape.columns.size());
    shape.columns.push_back(std::move(column->first));
  }
  std::sort(key.begin(), key.end());
  for (const auto& [place, index] : key) shape.key.push_back(index);
  return shape;
}

TableColumn column(const AtticEntry& entry) {
  TableColumn column;
  column.name = entry.name;
  column.declared_type = text(entry, "type").value_or("");
  column.type = type_of(text(entry, "word").value_or("")).value_or(SqlType::text);
  return column;
}

std::string_view word_of(SqlType type) {
  const auto found = std::find_if(words.begin(), words.end(), [&](const auto& word) { return word.first == type; });
  return found->second;
}

std::optional<SqlType> type_of(std::string_view word) {
  const auto found = std::find_if(words.begin(), words.end(), [&](const auto& one) { return one.second == word; });
  if (found == words.end()) return std::nullopt;
  return found->first;
}

std::string statement_key(const AtticEntry& entry) {
  switch (entry.what) {
    case AtticEntry::What::table: return "table " + entry.table;
    case AtticEntry::What::column: return fmt::format("column {}.{}", entry.table, entry.name);
    default: return entry.name;
  }
}

std::string statement_document(const AtticEntry& entry) {
  const auto sql = text(entry, entry.what == AtticEntry::What::column ? "type" : "sql");
  ResidueWriter writer;
  writer.add("sql", Value::text(sql.value_or("")));
  writer.add("table", Value::text(entry.table));
  return std::string(writer.document().bytes());
}

std::optional<Statement> read_statement(std::string_view dialect, std::string_view key, const Value& document) {
  Arena arena;
  Residue entries;
  if (!entries.parse(document, arena)) return std::nullopt;
  const auto find = [&](std::string_view name) -> std::optional<std::string> {
    const std::string_view* value = entries.find(name);
    const auto read = value != nullptr ? read_tagged(*value, arena) : std::nullopt;
    if (!read || !read->is_text()) return std::nullopt;
    return std::string(read->bytes());
  };
  auto sql = find("sql");
  if (!sql) return std::nullopt;
  return Statement{std::string(dialect), std::string(key), find("table").value_or(""), std::move(*sql)};
}

std::vector<Statement> kept_statements(Tables& tables) {
  std::vector<Statement> statements;
  for (const std::string_view other : {sqlite, postgresql}) {
    if (other == tables.dialect()) continue;
    tables.read_side(kept::statements_of(other), [&](std::string_view, std::string_view key, const Value& document) {
      if (auto statement = read_statement(other, key, document)) statements.push_back(std::move(*statement));
    });
  }
  return statements;
}

void restore_statement(AtticEntry& entry, const std::vector<Statement>& statements) {
  const std::string key = statement_key(entry);
  for (const Statement& statement : statements) {
    if (statement.key != key) continue;
    for (auto& [name, value] : entry.values) {
      if (name == "sql" || name == "type") value = tagged_text(statement.sql);
      if (name == "dialect") value = tagged_text(statement.dialect);
    }
  }
}

std::vector<AtticEntry> kept_objects(const std::vector<Statement>& statements) {
  std::vector<AtticEntry> entries;
  for (const Statement& statement : statements) {
    if (statement.key.starts_with("table ") || statement.key.starts_with("column ")) continue;
    const std::size_t blank = statement.key.find(' ');
    if (blank == std::string::npos) continue;
    entries.push_back(object({statement.key.substr(0, blank), statement.key.substr(blank + 1), statement.table,
                              statement.sql},
                             statement.dialect));
  }
  return entries;
}

}  // namespace twoway::attic_entry
