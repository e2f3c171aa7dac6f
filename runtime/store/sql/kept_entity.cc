#include "runtime/store/sql/kept_entity.h"

#include <algorithm>

#include "runtime/store/sql/entity_columns.h"

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
    Table table;
    table.kept = std::make_unique<KeptRows>(side, shape_of(connection, *live));
    for (const TableColumn& column : table.kept->shape().columns) {
      Table::Place place;
      for (const Column& mapped : entity.columns) {
        const bool own = mapped.table == name && mapped.name == column.name;
        const bool joined = join != nullptr && column.name == join->column && mapped.table == entity.table &&
                            mapped.name == join->base_column;
        if (own || (joined && place.where == Table::Place::Where::nowhere)) {
          place = {Table::Place::Where::row, mapped.offset, own};
        }
      }
      for (std::size_t i = 0; i < unknown.size(); ++i) {
        const auto [unknown_table, unknown_name] = split_name(entity, unknown[i].name);
        if (unknown_table == name && unknown_name == column.name) place = {Table::Place::Where::unknown, i, true};
      }
      table.places.push_back(place);
    }
    table.values.resize(table.places.size());
    tables_.push_back(std::move(table));
  };
  add(entity.table, nullptr);
  for (const Join& join : entity.joins) add(join.table, &join);
}

void KeptEntity::restore(void* row, std::span<Value> unknown_values) {
  if (tables_.empty()) return;
  arena_.reset();
  for (Table& table : tables_) {
    for (std::size_t i = 0; i < table.places.size(); ++i) {
      const Table::Place& place = table.places[i];
      table.values[i] = place.where == Table::Place::Where::row       ? cell(row, place.at)
                        : place.where == Table::Place::Where::unknown ? unknown_values[place.at]
                                                                      : Value::null();
    }
    table.kept->restore(table.values, arena_);
    for (std::size_t i = 0; i < table.places.size(); ++i) {
      const Table::Place& place = table.places[i];
      if (!place.written) continue;
      (place.where == Table::Place::Where::row ? cell(row, place.at) : unknown_values[place.at]) = table.values[i];
    }
  }
}

}  // namespace twoway::sql_sqlite
