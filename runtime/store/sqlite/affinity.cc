#include "runtime/store/sqlite/affinity.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <new>
#include <string>

#include "runtime/model/error.h"

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

struct AffinityRules::Memory {
  sqlite3* database = nullptr;
  std::array<sqlite3_stmt*, 5> insert{};
  std::array<sqlite3_stmt*, 5> select{};
};

AffinityRules::AffinityRules() = default;

AffinityRules::~AffinityRules() {
  if (!memory_) return;
  for (sqlite3_stmt* statement : memory_->insert) sqlite3_finalize(statement);
  for (sqlite3_stmt* statement : memory_->select) sqlite3_finalize(statement);
  sqlite3_close(memory_->database);
}

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
  if (!memory_) {
    memory_ = std::make_unique<Memory>();
    if (sqlite3_open(":memory:", &memory_->database) != SQLITE_OK) throw cannot_start("SQLite has no memory left");
  }
  sqlite3* database = memory_->database;
  if (memory_->insert[index] == nullptr) {
    const std::string table = std::string("t") + column_types[index];
    const std::string create = "CREATE TABLE " + table + " (id INTEGER PRIMARY KEY, c " + column_types[index] + ")";
    const bool made =
        sqlite3_exec(database, create.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK &&
        sqlite3_prepare_v2(database, ("INSERT OR REPLACE INTO " + table + " VALUES (1, ?)").c_str(), -1,
                           &memory_->insert[index], nullptr) == SQLITE_OK &&
        sqlite3_prepare_v2(database, ("SELECT c FROM " + table).c_str(), -1, &memory_->select[index], nullptr) ==
            SQLITE_OK;
    if (!made) throw cannot_start("SQLite has no memory left");
  }
  sqlite3_stmt* insert = memory_->insert[index];
  if (value.is_integer()) {
    sqlite3_bind_int64(insert, 1, value.as_integer());
  } else if (value.is_real()) {
    sqlite3_bind_double(insert, 1, value.as_real());
  } else {
    sqlite3_bind_text64(insert, 1, value.bytes().data(), value.bytes().size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  sqlite3_step(insert);
  sqlite3_reset(insert);
  sqlite3_stmt* select = memory_->select[index];
  Value shown = value;
  if (sqlite3_step(select) == SQLITE_ROW) {
    switch (sqlite3_column_type(select, 0)) {
      case SQLITE_INTEGER: shown = Value::integer(sqlite3_column_int64(select, 0)); break;
      case SQLITE_FLOAT: shown = Value::real(sqlite3_column_double(select, 0)); break;
      case SQLITE_TEXT: {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(select, 0));
        if (text == nullptr) throw std::bad_alloc();
        shown = Value::text(arena.copy({text, static_cast<std::size_t>(sqlite3_column_bytes(select, 0))}));
        break;
      }
      default: shown = Value::null(); break;
    }
  }
  sqlite3_reset(select);
  return shown;
}

}  // namespace twoway::sqlite
