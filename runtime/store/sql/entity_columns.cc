#include "runtime/store/sql/entity_columns.h"

namespace twoway::sql_sqlite {

TableFacts table_facts(const sqlite::LiveSchema& schema) {
  return [&schema](std::string_view name) -> std::optional<std::vector<ColumnFacts>> {
    const sqlite::LiveTable* table = schema.find(name);
    if (table == nullptr) return std::nullopt;
    std::vector<ColumnFacts> columns;
    for (const sqlite::LiveColumn& column : table->columns) {
      columns.push_back({column.name, column.declared_type, column.not_null, column.generated});
    }
    return columns;
  };
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
