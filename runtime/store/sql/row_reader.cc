#include "runtime/store/sql/row_reader.h"

namespace twoway::sql_sqlite {

SqliteRowReader::SqliteRowReader(sqlite::Connection& connection, const sqlite::LiveSchema& schema, SideTable& side,
                                 const Entity& entity)
    : entity_(entity),
      side_(side),
      has_side_(side.has_entries(entity.name)),
      unknown_(twoway::unknown_columns(entity, table_facts(schema))),
      unknown_values_(unknown_.size()),
      kept_(connection, schema, side, entity, unknown_),
      row_(entity.row_bytes),
      statement_(connection.prepare(select_rows(entity, unknown_).text())) {}

bool SqliteRowReader::next() {
  if (!statement_.step()) return false;
  bytes_ = fill_row(statement_, entity_, row_.get());
  int index = static_cast<int>(entity_.columns.size() + entity_.joins.size());
  for (Value& value : unknown_values_) value = statement_.column(index++);
  kept_.restore(row_.get(), unknown_values_);
  return true;
}

Value SqliteRowReader::side() {
  if (!has_side_) return Value::null();
  arena_.reset();
  return side_.find(entity_.name, key_text(entity_, row_.get(), arena_));
}

}  // namespace twoway::sql_sqlite
