#include "runtime/store/constraint_rehearsal.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <xxhash.h>

#include <algorithm>

#include "runtime/model/error.h"

namespace twoway {

using sqlite::quoted_name;

namespace {

constexpr std::size_t cache_bytes = 4 * 1024 * 1024;
constexpr std::string_view unique_index = "CREATE UNIQUE INDEX";
/// Beside the table's own columns.
constexpr std::string_view key_column = "twoway key";
/// A longer text is tried by its beginning and its hash: it is equal to others exactly where they are.
constexpr std::size_t longest_value = 256;

/// The table that an index stands on: the name behind ON.
std::string indexed_table(std::string_view statement) {
  const std::size_t on = statement.find(" ON ");
  if (on == std::string_view::npos) return {};
  std::string_view rest = statement.substr(on + 4);
  rest = rest.substr(0, rest.find('('));
  const std::size_t begin = rest.find_first_not_of(" `\"["), end = rest.find_last_not_of(" `\"]");
  return begin == std::string_view::npos ? std::string() : std::string(rest.substr(begin, end - begin + 1));
}

bool names(std::string_view statement, std::string_view column) {
  const auto quoted = [&](std::string_view open, std::string_view close) {
    return statement.find(fmt::format("{}{}{}", open, column, close)) != std::string_view::npos;
  };
  return quoted("`", "`") || quoted("\"", "\"") || quoted("[", "]") || quoted("(", ")") || quoted("(", ",") ||
         quoted(" ", ",") || quoted(" ", ")");
}

/// The column names in `UNIQUE constraint failed: t.a, t.b`; none for another sentence.
std::vector<std::string> columns_in(const std::string& reason, const std::string& table) {
  std::vector<std::string> columns;
  constexpr std::string_view begins = "UNIQUE constraint failed: ";
  if (!reason.starts_with(begins)) return columns;
  std::string_view rest = std::string_view(reason).substr(begins.size());
  while (!rest.empty()) {
    const std::size_t comma = rest.find(", ");
    std::string_view name = rest.substr(0, comma);
    if (!name.starts_with(table + ".")) return {};
    columns.emplace_back(name.substr(table.size() + 1));
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 2);
  }
  return columns;
}

}  // namespace

ConstraintRehearsal::ConstraintRehearsal() : connection_({}, sqlite::Access::create, cache_bytes) {
  connection_.execute("BEGIN");
}

void ConstraintRehearsal::execute(const std::string& statement) {
  // What this SQLite does not know (a virtual table's module, a function) is no constraint that it could try.
  try {
    connection_.prepare(statement).execute();
  } catch (const Error&) {
  }
}

std::unique_ptr<ConstraintRehearsal> ConstraintRehearsal::of_collections(const Mapping& mapping,
                                                                         const std::vector<std::string>& statements) {
  std::unique_ptr<ConstraintRehearsal> made(new ConstraintRehearsal);
  for (const Entity* entity : mapping.entities) {
    Table table;
    table.name = entity->collection;
    std::vector<std::string> indexes, definitions;
    for (const std::string& statement : statements) {
      if (statement.starts_with(unique_index) && indexed_table(statement) == entity->collection) {
        indexes.push_back(statement);
      }
    }
    for (const RecordField& field : entity->fields) {
      // A token is made anew for each record.
      if (field.type == PocketBaseType::token) continue;
      if (std::none_of(indexes.begin(), indexes.end(), [&](const auto& text) { return names(text, field.name); })) {
        continue;
      }
      table.columns.emplace_back(field.name);
      table.offsets.push_back(field.offset);
      definitions.push_back(quoted_name(field.name));
    }
    if (table.columns.empty()) continue;
    definitions.push_back(quoted_name(key_column));
    made->execute(fmt::format("CREATE TABLE {} ({})", quoted_name(table.name), fmt::join(definitions, ", ")));
    for (const std::string& index : indexes) made->execute(index);
    made->add_table(*entity, std::move(table));
  }
  return made;
}

std::unique_ptr<ConstraintRehearsal> ConstraintRehearsal::of_tables(const Mapping& mapping,
                                                                    const std::vector<std::string>& statements) {
  std::unique_ptr<ConstraintRehearsal> made(new ConstraintRehearsal);
  for (const std::string& statement : statements) {
    if (!statement.starts_with("INSERT")) made->execute(statement);
  }
  for (const Entity* entity : mapping.entities) {
    const auto table_of = [&](std::string_view name) {
      Table table;
      table.name = name;
      for (const Column& column : entity->columns) {
        if (column.table != name) continue;
        table.columns.emplace_back(column.name);
        table.offsets.push_back(column.offset);
      }
      made->execute(fmt::format("ALTER TABLE {} ADD COLUMN {}", quoted_name(name), quoted_name(key_column)));
      return table;
    };
    made->add_table(*entity, table_of(entity->table));
    for (const Join& join : entity->joins) {
      Table table = table_of(join.table);
      table.marker_offset = join.marker_offset;
      for (const Column& column : entity->columns) {
        if (column.table != entity->table || column.name != join.base_column) continue;
        table.columns.emplace_back(join.column);
        table.offsets.push_back(column.offset);
      }
      made->add_table(*entity, std::move(table));
    }
  }
  return made;
}

void ConstraintRehearsal::add_table(const Entity& entity, Table table) {
  std::vector<std::string> columns, marks;
  for (const std::string& column : table.columns) columns.push_back(quoted_name(column));
  columns.push_back(quoted_name(key_column));
  marks.assign(columns.size(), "?");
  const std::string sql = fmt::format("INSERT INTO {} ({}) VALUES ({})", quoted_name(table.name),
                                      fmt::join(columns, ", "), fmt::join(marks, ", "));
  try {
    table.insert = connection_.prepare(sql);
  } catch (const Error&) {
    return;  // the target does not have the table: it would be made without constraints
  }
  tables_[&entity].push_back(std::move(table));
}

std::optional<ConstraintRehearsal::Refusal> ConstraintRehearsal::add(const Entity& entity, const void* row,
                                                                     std::string_view key) {
  const auto found = tables_.find(&entity);
  if (found == tables_.end()) return std::nullopt;
  for (Table& table : found->second) {
    if (table.marker_offset && cell(row, *table.marker_offset).as_integer() == 0) continue;
    shortened_.clear();
    shortened_.reserve(table.offsets.size());
    for (std::size_t i = 0; i < table.offsets.size(); ++i) {
      Value value = cell(row, table.offsets[i]);
      if ((value.is_text() || value.is_blob()) && value.bytes().size() > longest_value) {
        const std::string_view bytes = value.bytes();
        const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
        shortened_.push_back(fmt::format("{}{:016x}{:016x}", bytes.substr(0, 16), hash.high64, hash.low64));
        value = value.is_text() ? Value::text(shortened_.back()) : Value::blob(shortened_.back());
      }
      table.insert.bind(static_cast<int>(i), value);
    }
    table.insert.bind(static_cast<int>(table.offsets.size()), Value::text(key));
    if (table.insert.execute()) continue;
    Refusal refusal{connection_.last_error(), {}};
    refusal.like = row_like(table, row, refusal.reason);
    return refusal;
  }
  return std::nullopt;
}

std::string ConstraintRehearsal::row_like(const Table& table, const void* row, const std::string& reason) {
  std::vector<std::string> conditions;
  std::vector<Value> values;
  for (const std::string& column : columns_in(reason, table.name)) {
    const auto place = std::find(table.columns.begin(), table.columns.end(), column);
    if (place == table.columns.end()) return {};
    // The index compares by a collation of its own, at most without case.
    conditions.push_back(quoted_name(column) + " = ? COLLATE NOCASE");
    values.push_back(cell(row, table.offsets[static_cast<std::size_t>(place - table.columns.begin())]));
  }
  if (conditions.empty()) return {};
  sqlite::Statement find =
      connection_.prepare(fmt::format("SELECT {} FROM {} WHERE {} LIMIT 1", quoted_name(key_column),
                                      quoted_name(table.name), fmt::join(conditions, " AND ")));
  for (std::size_t i = 0; i < values.size(); ++i) find.bind(static_cast<int>(i), values[i]);
  if (!find.step()) return {};
  const Value key = find.column(0);
  return key.is_text() ? std::string(key.bytes()) : std::string();
}

std::vector<std::string> unique_indexes_in(const Mapping& mapping) {
  std::vector<std::string> statements;
  for (const Mapping::MigrationFile& file : mapping.pocketbase_migrations) {
    // A migration is JavaScript that twowayc wrote: each statement is one string in double quotes.
    const std::string_view text = file.content;
    const std::string begin = "\"" + std::string(unique_index);
    for (std::size_t at = text.find(begin); at != std::string_view::npos; at = text.find(begin, at + 1)) {
      std::string statement;
      for (std::size_t i = at + 1; i < text.size() && text[i] != '"'; ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) ++i;
        statement += text[i];
      }
      statements.push_back(std::move(statement));
    }
  }
  return statements;
}

std::vector<std::string> statements_of(const std::filesystem::path& file, bool only_unique_indexes) {
  sqlite::Connection connection(file, sqlite::Access::read_only, cache_bytes);
  sqlite::Statement schema = connection.prepare(
      "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite@_%' ESCAPE '@' AND type IN "
      "('table', 'index') ORDER BY type = 'index', rowid");
  std::vector<std::string> statements;
  while (schema.step()) {
    std::string statement(schema.column(0).bytes());
    if (!only_unique_indexes || statement.starts_with(unique_index)) statements.push_back(std::move(statement));
  }
  return statements;
}

}  // namespace twoway
