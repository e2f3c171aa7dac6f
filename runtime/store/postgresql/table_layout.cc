#include "runtime/store/postgresql/table_layout.h"

#include <algorithm>

#include <fmt/format.h>

#include "runtime/model/error.h"
#include "runtime/store/kept.h"
#include "runtime/transform/record_id.h"

namespace twoway::postgresql {

std::string_view TableLayout::key_text(std::span<const Value> values, Arena& arena) const {
  // Most keys are one text that stands for itself.
  if (shape.key.size() == 1) return record_id::encode(values.subspan(shape.key[0], 1), arena);
  return kept::key_text(shape, values, arena);
}

TableLayout layout_of(const LiveSchema& schema, const TableShape& shape, const std::string& database) {
  const LiveTable* table = schema.find(shape.name);
  if (table == nullptr) {
    throw Error(ExitStatus::interrupted, fmt::format("{} has no table {}", database, shape.name),
                "Was it dropped meanwhile? Run the same command again.");
  }
  TableLayout layout;
  layout.shape = shape;
  layout.values_entity = kept::values_of(shape.name);
  layout.rows_entity = kept::rows_of(shape.name);
  for (const TableColumn& wanted : shape.columns) {
    const LiveColumn* column = table->find(wanted.name);
    if (column == nullptr || column->generated) {
      throw Error(ExitStatus::interrupted, fmt::format("{} has no column {} in {}", database, wanted.name, shape.name),
                  "Was it dropped meanwhile? Run the same command again.");
    }
    layout.columns.push_back(*column);
    layout.has_casts = layout.has_casts || column->is_cast();
    layout.has_identity = layout.has_identity || column->identity == 'a';
  }
  std::vector<std::string> key;
  for (const std::size_t index : shape.key) key.push_back(shape.columns[index].name);
  layout.unique_key = !key.empty() && table->has_unique_index(key);
  return layout;
}

TableShape shape_of(const LiveTable& table) {
  TableShape shape;
  shape.name = table.name;
  shape.sql = table.sql();
  for (const LiveColumn& column : table.columns) {
    if (!column.generated) shape.columns.push_back({column.name, column.type, column.sql_type(), column.not_null});
  }
  for (const std::string& name : table.key()) {
    const auto found = std::find_if(shape.columns.begin(), shape.columns.end(),
                                    [&](const TableColumn& column) { return column.name == name; });
    shape.key.push_back(static_cast<std::size_t>(found - shape.columns.begin()));
  }
  return shape;
}

}  // namespace twoway::postgresql
