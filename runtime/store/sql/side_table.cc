#include "runtime/store/sql/side_table.h"

#include <fmt/format.h>

#include "runtime/transform/side_entry.h"

namespace twoway::sql_sqlite {

SideTable::SideTable(sqlite::Connection& connection) : connection_(connection) {
  exists_ = connection.integer(fmt::format("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '{}'",
                                           side_table_name)) != 0;
}

bool SideTable::has_entries(std::string_view entity) {
  if (!exists_) return false;
  sqlite::Statement any =
      connection_.prepare(fmt::format("SELECT 1 FROM {} WHERE entity = ? LIMIT 1", side_table_name));
  any.bind(0, Value::text(entity));
  return any.step();
}

std::uint64_t SideTable::count(std::string_view entity) {
  if (!exists_) return 0;
  sqlite::Statement rows =
      connection_.prepare(fmt::format("SELECT count(*) FROM {} WHERE entity = ?", side_table_name));
  rows.bind(0, Value::text(entity));
  return rows.step() ? static_cast<std::uint64_t>(rows.column(0).as_integer()) : 0;
}

sqlite::Statement SideTable::list(std::string_view entity) {
  if (!exists_) return connection_.prepare("SELECT '', '', '' WHERE 0");
  sqlite::Statement rows = connection_.prepare(
      fmt::format("SELECT entity, key, residue FROM {}{} ORDER BY entity, key", side_table_name,
                  entity.empty() ? "" : " WHERE entity = ?"));
  if (!entity.empty()) rows.bind(0, Value::text(entity));
  return rows;
}

Value SideTable::find(std::string_view entity, std::string_view key) {
  if (!exists_) return Value::null();
  if (!find_) {
    find_ = connection_.prepare(fmt::format("SELECT residue FROM {} WHERE entity = ? AND key = ?", side_table_name));
  }
  find_.reset();
  find_.bind(0, Value::text(entity));
  find_.bind(1, Value::text(key));
  return find_.step() ? find_.column(0) : Value::null();
}

void SideTable::create() {
  connection_.execute(
      fmt::format("CREATE TABLE {} (entity TEXT NOT NULL, key TEXT NOT NULL, residue TEXT NOT NULL, "
                  "PRIMARY KEY (entity, key)) WITHOUT ROWID",
                  side_table_name));
  exists_ = true;
}

bool SideTable::write(std::string_view entity, std::string_view key, const Value& document) {
  if (document.is_null()) {
    if (!exists_) return false;
    if (!remove_) {
      remove_ = connection_.prepare(fmt::format("DELETE FROM {} WHERE entity = ? AND key = ?", side_table_name));
    }
    remove_.bind(0, Value::text(entity));
    remove_.bind(1, Value::text(key));
    remove_.execute();
    return connection_.changes() > 0;
  }
  if (!exists_) create();
  if (!upsert_) {
    upsert_ = connection_.prepare(
        fmt::format("INSERT INTO {} (entity, key, residue) VALUES (?, ?, ?) ON CONFLICT (entity, key) DO UPDATE SET "
                    "residue = excluded.residue WHERE residue IS NOT excluded.residue",
                    side_table_name));
  }
  upsert_.bind(0, Value::text(entity));
  upsert_.bind(1, Value::text(key));
  upsert_.bind(2, document);
  upsert_.execute();
  return connection_.changes() > 0;
}

std::optional<std::string_view> SideTable::record_id(std::string_view entity, std::string_view key, Arena& arena) {
  const Value document = find(entity, key);
  if (document.is_null()) return std::nullopt;
  return side_entry::record_id(document, arena);
}

}  // namespace twoway::sql_sqlite
