#include "runtime/store/sql/kept_rows.h"

namespace twoway::sql_sqlite {

KeptRows::KeptRows(SideTable& side, const TableShape& shape)
    : side_(side),
      shape_(shape),
      values_of_(kept::values_of(shape.name)),
      rows_of_(kept::rows_of(shape.name)),
      has_values_(side.has_entries(values_of_)),
      has_rows_(side.has_entries(rows_of_)) {
  for (const TableColumn& column : shape_.columns) affinities_.push_back(sqlite::affinity_of(column.declared_type));
}

Value KeptRows::shown(std::size_t column, const Value& value, Arena& arena) {
  if (!value.is_null()) return rules_.shown(affinities_[column], value, arena);
  if (!shape_.columns[column].not_null) return value;
  // Databases born under an old release declare more columns NOT NULL.
  switch (shape_.columns[column].type) {
    case SqlType::json: return Value::text("null");
    case SqlType::integer:
    case SqlType::boolean: return Value::integer(0);
    case SqlType::real: return Value::real(0);
    default: return Value::text("");
  }
}

std::string KeptRows::reason(const Value& value) {
  return value.is_null() ? "NULL in a NOT NULL column" : "a form of number that SQLite does not keep";
}

void KeptRows::restore(std::span<Value> values, Arena& arena) {
  if (!has_values_) return;
  const std::string_view key = kept::key_text(shape_, values, arena);
  const Value found = side_.find(values_of_, key);
  if (!found.is_text()) return;
  kept::read(arena.copy(found.bytes()), shape_, arena, [&](std::size_t column, const Value& exact) {
    if (same(shown(column, exact, arena), values[column])) values[column] = exact;
  });
}

bool KeptRows::read_waiting(std::string_view document, std::span<Value> values, Arena& arena) const {
  for (Value& value : values) value = Value::null();
  return kept::read(arena.copy(document), shape_, arena,
                    [&](std::size_t column, const Value& exact) { values[column] = exact; });
}

bool KeptRows::find_waiting(std::string_view key, std::span<Value> values, Arena& arena) {
  if (!has_rows_) return false;
  const Value found = side_.find(rows_of_, key);
  return found.is_text() && read_waiting(found.bytes(), values, arena);
}

bool KeptRows::keep_values(std::string_view key, std::span<const Value> values, std::span<const bool> chosen) {
  bool any = false;
  for (const bool one : chosen) any = any || one;
  if (!any) return has_values_ && side_.write(values_of_, key, Value::null());
  has_values_ = true;
  return side_.write(values_of_, key, Value::text(kept::document(shape_, values, chosen)));
}

bool KeptRows::keep_row(std::string_view key, std::span<const Value> values) {
  has_rows_ = true;
  return side_.write(rows_of_, key, Value::text(kept::document(shape_, values)));
}

bool KeptRows::drop_row(std::string_view key) { return has_rows_ && side_.write(rows_of_, key, Value::null()); }

}  // namespace twoway::sql_sqlite
