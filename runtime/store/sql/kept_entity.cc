#include "runtime/store/sql/kept_entity.h"

#include <algorithm>

namespace twoway::sql_sqlite {

TableShape shape_of(sqlite::Connection& connection, const sqlite::LiveTable& table) {
  TableShape shape;
  shape.name = table.name;
  shape.sql = table.sql;
  for (const sqlite::LiveColumn& column : table.columns) {
    if (column.generated) continue;
    shape.columns.push_back(
        {column.name, column.declared_type, sqlite::type_of(column.declared_type), column.not_null});
  }
  for (const std::string& name : sqlite::unique_key(connection, table)) {
    const auto found = std::find_if(shape.columns.begin(), shape.columns.end(),
                                    [&](const TableColumn& column) { return column.name == name; });
    if (found == shape.columns.end()) {  // a generated column: nothing that can be written tells the rows apart
      shape.key.clear();
      break;
    }
    shape.key.push_back(static_cast<std::size_t>(found - shape.columns.begin()));
  }
  return shape;
}

KeptEntity::KeptEntity(sqlite::Connection& connection, const sqlite::LiveSchema& schema, SideTable& side,
                       const Entity& entity, const std::vector<UnknownColumn>& unknown) {
  const auto add = [&](std::string_view name, const Join* join) {
    const sqlite::LiveTable* live = schema.find(name);
    if (live == nullptr || !side.has_entries(kept::values_of(name))) return;
    auto rows = std::make_unique<KeptRows>(side, shape_of(connection, *live));
    TablePlaces places(entity, join, rows->shape(), unknown);
    tables_.push_back({std::move(rows), std::move(places), {}});
  };
  add(entity.table, nullptr);
  for (const Join& join : entity.joins) add(join.table, &join);
}

void KeptEntity::restore(void* row, std::span<Value> unknown_values) {
  if (tables_.empty()) return;
  arena_.reset();
  for (Table& table : tables_) {
    table.places.gather(row, unknown_values, table.values);
    table.kept->restore(table.values, arena_);
    table.places.scatter(table.values, row, unknown_values);
  }
}

}  // namespace twoway::sql_sqlite
