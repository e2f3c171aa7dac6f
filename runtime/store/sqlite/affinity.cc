#include "runtime/store/sqlite/affinity.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "runtime/store/sqlite/connection.h"

namespace twoway::sqlite {

namespace {

constexpr std::array<const char*, 5> column_types{"BLOB", "TEXT", "NUMERIC", "INTEGER", "REAL"};

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return out;
}

/// A text that SQLite could take for a number begins so, after white space.
bool may_be_number(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\n\v\f\r");
  if (first == std::string_view::npos) return false;
  const char c = text[first];
  return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.';
}

}  // namespace

Affinity affinity_of(std::string_view declared_type) {
  const std::string type = upper(declared_type);
  const auto has = [&](std::string_view word) { return type.find(word) != std::string::npos; };
  if (has("INT")) return Affinity::integer;
  if (has("CHAR") || has("CLOB") || has("TEXT")) return Affinity::text;
  if (has("BLOB") || type.empty()) return Affinity::blob;
  if (has("REAL") || has("FLOA") || has("DOUB")) return Affinity::real;
  return Affinity::numeric;
}

SqlType type_of(std::string_view declared_type) {
  const std::string type = upper(declared_type);
  if (type.starts_with("BOOL")) return SqlType::boolean;
  if (type.starts_with("JSON")) return SqlType::json;
  if (type == "DATE") return SqlType::date;
  if (type.starts_with("DATETIME") || type.starts_with("TIMESTAMP")) return SqlType::datetime;
  switch (affinity_of(declared_type)) {
    case Affinity::integer: return SqlType::integer;
    case Affinity::real: return SqlType::real;
    case Affinity::blob: return type.empty() ? SqlType::text : SqlType::blob;
    case Affinity::text:
    case Affinity::numeric: break;
  }
  return SqlType::text;
}

/// One row for each affinity, in a database of its own that goes away with it.
struct AffinityRules::Memory {
  static constexpr std::size_t cache_bytes = 64 * 1024;
  struct Table {
    Statement insert;
    Statement select;
  };
  Connection connection{{}, Access::create, cache_bytes};
  std::array<Table, column_types.size()> tables;
};

AffinityRules::AffinityRules() = default;
AffinityRules::~AffinityRules() = default;

Value AffinityRules::shown(Affinity affinity, const Value& value, Arena& arena) {
  switch (value.kind()) {
    case Kind::null:
    case Kind::blob: return value;
    case Kind::integer:
      if (affinity == Affinity::real || affinity == Affinity::text) return ask(affinity, value, arena);
      return value;
    case Kind::real:
      return affinity == Affinity::blob || affinity == Affinity::real ? value : ask(affinity, value, arena);
    case Kind::text: break;
  }
  if (affinity == Affinity::blob || affinity == Affinity::text || !may_be_number(value.bytes())) return value;
  return ask(affinity, value, arena);
}

Value AffinityRules::ask(Affinity affinity, const Value& value, Arena& arena) {
  const auto index = static_cast<std::size_t>(affinity);
  if (!memory_) memory_ = std::make_unique<Memory>();
  Memory::Table& table = memory_->tables[index];
  if (!table.select) {
    Connection& connection = memory_->connection;
    connection.execute(fmt::format("CREATE TABLE t{} (id INTEGER PRIMARY KEY, c {})", index, column_types[index]));
    table.insert = connection.prepare(fmt::format("INSERT OR REPLACE INTO t{} VALUES (1, ?)", index));
    table.select = connection.prepare(fmt::format("SELECT c FROM t{}", index));
  }
  table.insert.bind(0, value);
  while (table.insert.step()) {}
  table.insert.reset();
  table.select.step();
  Value shown = table.select.column(0);
  if (shown.is_text()) shown = Value::text(arena.copy(shown.bytes()));
  table.select.reset();
  return shown;
}

}  // namespace twoway::sqlite
