#include "runtime/store/postgresql/entity_layout.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "runtime/model/error.h"
#include "runtime/store/kept.h"
#include "runtime/store/postgresql/codec.h"

namespace twoway::postgresql {

TableFacts table_facts(const LiveSchema& schema) {
  return [&schema](std::string_view name) -> std::optional<std::vector<ColumnFacts>> {
    const LiveTable* table = schema.find(name);
    if (table == nullptr) return std::nullopt;
    std::vector<ColumnFacts> columns;
    for (const LiveColumn& column : table->columns) {
      columns.push_back({column.name, column.type, column.not_null, column.generated});
    }
    return columns;
  };
}

namespace {

const LiveColumn& live_column(const LiveSchema& schema, std::string_view table, std::string_view name) {
  const LiveTable* live = schema.find(table);
  const LiveColumn* column = live == nullptr ? nullptr : live->find(name);
  if (column == nullptr) {
    throw Error(ExitStatus::interrupted, fmt::format("the column {}.{} is gone", table, name),
                "Was it dropped meanwhile? Run the same command again.");
  }
  return *column;
}

}  // namespace

const LiveColumn& boolean_column() {
  static const LiveColumn column = [] {
    constexpr std::uint32_t boolean_oid = 16;
    LiveColumn made;
    made.name = "marker";
    made.type = "boolean";
    made.type_oid = boolean_oid;
    made.transport = transport_of(boolean_oid);
    return made;
  }();
  return column;
}

EntityLayout entity_layout(const Entity& entity, const LiveSchema& schema) {
  EntityLayout layout;
  layout.unknown = unknown_columns(entity, table_facts(schema));
  const auto selected = [&](std::string_view table, std::string_view column, std::string name) {
    return live_column(schema, table, column).is_cast() ? name + "::text" : name;
  };
  layout.statement = select_rows(entity, layout.unknown, selected);
  for (const Column& column : entity.columns) layout.columns.push_back(live_column(schema, column.table, column.name));
  layout.columns.resize(layout.columns.size() + entity.joins.size(), boolean_column());
  for (const UnknownColumn& column : layout.unknown) {
    const auto [table, name] = split_name(entity, column.name);
    layout.columns.push_back(live_column(schema, table, name));
  }
  return layout;
}

std::size_t fill_row(const Entity& entity, std::span<const Value> values, void* row, std::span<Value> unknown) {
  std::size_t bytes = 0, index = 0;
  for (const Column& column : entity.columns) {
    const Value& value = values[index++];
    bytes += value.is_text() || value.is_blob() ? value.bytes().size() : sizeof(std::int64_t);
    cell(row, column.offset) = value;
  }
  for (const Join& join : entity.joins) cell(row, join.marker_offset) = values[index++];
  for (Value& value : unknown) value = values[index++];
  return bytes;
}

namespace {

TableShape shape_with_key(const LiveTable& table, const std::vector<std::string_view>& key) {
  TableShape shape = shape_of(table);
  std::vector<std::size_t> wanted;
  for (const std::string_view name : key) {
    const std::size_t index = shape.index_of(name);
    if (index == shape.columns.size()) {
      throw Error(ExitStatus::interrupted, fmt::format("the column {}.{} cannot be written", table.name, name),
                  "A column that tells rows apart must not be a generated one.");
    }
    wanted.push_back(index);
  }
  // What is kept beside a table is named by its key, whoever keeps it.
  const bool same_columns = shape.key.size() == wanted.size() &&
                            std::is_permutation(shape.key.begin(), shape.key.end(), wanted.begin());
  if (!same_columns) shape.key = std::move(wanted);
  return shape;
}

}  // namespace

TableShape entity_shape(const Entity& entity, const LiveSchema& schema) {
  std::vector<std::string_view> key;
  for (const std::uint16_t index : entity.key) key.push_back(entity.columns[index].name);
  live_column(schema, entity.table, key.front());
  return shape_with_key(*schema.find(entity.table), key);
}

TableShape joined_shape(const Join& join, const LiveSchema& schema) {
  live_column(schema, join.table, join.column);
  return shape_with_key(*schema.find(join.table), {join.column});
}

KeyCondition key_condition(std::span<const LiveColumn> columns, std::span<const Value> key, std::string_view prefix,
                           Arena& arena) {
  KeyCondition condition;
  std::vector<std::string> terms;
  for (std::size_t i = 0; i < key.size(); ++i) {
    const LiveColumn& column = columns[i];
    const std::string name = fmt::format("{}{}", prefix, quoted_name(column.name));
    if (key[i].is_null()) {
      terms.push_back(name + " IS NULL");
      continue;
    }
    // What the column cannot hold is in no row.
    if (!fit(column, key[i], arena).exact()) condition.possible = false;
    if (!condition.possible) return condition;
    condition.parameters.push_back(parameter(column, key[i], arena));
    const std::size_t number = condition.parameters.size();
    terms.push_back(column.is_cast() ? fmt::format("{} = ${}::text::{}", name, number, column.type)
                                     : fmt::format("{} = ${}", name, number));
  }
  condition.sql = fmt::format("{}", fmt::join(terms, " AND "));
  return condition;
}

std::vector<LiveColumn> key_columns(const Entity& entity, const LiveSchema& schema) {
  std::vector<LiveColumn> columns;
  for (const std::uint16_t index : entity.key) {
    columns.push_back(live_column(schema, entity.table, entity.columns[index].name));
  }
  return columns;
}

KeptEntity::KeptEntity(Database& database, const LiveSchema& schema, const Entity& entity,
                       const std::vector<UnknownColumn>& unknown) {
  const auto add = [&](const TableShape& shape, const Join* join) {
    auto layout = std::make_unique<TableLayout>(layout_of(schema, shape, database.describe()));
    auto kept = std::make_unique<KeptValues>(database.main(), *layout);
    if (!kept->any()) return;
    TablePlaces places(entity, join, layout->shape, unknown);
    parts_.push_back({std::move(layout), std::move(kept), std::move(places), {}});
  };
  add(entity_shape(entity, schema), nullptr);
  for (const Join& join : entity.joins) add(joined_shape(join, schema), &join);
}

void KeptEntity::restore(void* row, std::span<Value> unknown) {
  if (parts_.empty()) return;
  arena_.reset();
  for (Part& part : parts_) {
    part.places.gather(row, unknown, part.values);
    if (part.kept->restore(part.values, arena_)) part.places.scatter(part.values, row, unknown);
  }
}

WaitingEntity::WaitingEntity(Database& database, const LiveSchema& schema, const Entity& entity,
                             const std::vector<UnknownColumn>& unknown)
    : database_(database),
      entity_(entity),
      layout_(layout_of(schema, entity_shape(entity, schema), database.describe())),
      places_(entity, nullptr, layout_.shape, unknown),
      keys_(side_table::keys(database.main(), layout_.rows_entity)) {
  if (!any()) return;
  for (const Join& join : entity.joins) {
    const auto is_base = [&](const Column& column) {
      return column.table == entity.table && column.name == join.base_column;
    };
    const auto base = std::find_if(entity.columns.begin(), entity.columns.end(), is_base);
    if (base == entity.columns.end()) continue;
    TableLayout layout = layout_of(schema, joined_shape(join, schema), database.describe());
    TablePlaces places(entity, &join, layout.shape, unknown);
    joined_.push_back({&join, &*base, std::make_unique<RowFinder>(database, std::move(layout)), std::move(places), {}});
  }
}

std::optional<std::string> WaitingEntity::document(std::span<const Value> key) {
  if (!any()) return std::nullopt;
  arena_.reset();
  values_.assign(layout_.shape.columns.size(), Value::null());
  for (std::size_t i = 0; i < key.size(); ++i) {
    values_[layout_.shape.index_of(entity_.columns[entity_.key[i]].name)] = key[i];
  }
  const std::string_view text = layout_.key_text(values_, arena_);
  if (!keys_.may_contain(text)) return std::nullopt;
  return side_table::find(database_.main(), layout_.rows_entity, text);
}

bool WaitingEntity::contains(std::span<const Value> key) { return document(key).has_value(); }

bool WaitingEntity::find(std::span<const Value> key, void* row, std::span<Value> unknown) {
  const auto found = document(key);
  return found && fill(*found, row, unknown);
}

bool WaitingEntity::fill(std::string_view document, void* row, std::span<Value> unknown) {
  arena_.reset();
  values_.assign(layout_.shape.columns.size(), Value::null());
  const bool ours = kept::read(arena_.copy(document), layout_.shape, arena_,
                               [&](std::size_t column, const Value& value) { values_[column] = value; });
  if (!ours) return false;
  for (const Column& column : entity_.columns) cell(row, column.offset) = Value::null();
  for (const Join& join : entity_.joins) cell(row, join.marker_offset) = Value::integer(0);
  std::fill(unknown.begin(), unknown.end(), Value::null());
  places_.scatter(values_, row, unknown);
  for (Joined& joined : joined_) fill_joined(joined, row, unknown);
  return true;
}

void WaitingEntity::fill_joined(Joined& joined, void* row, std::span<Value> unknown) {
  const Value key = cell(row, joined.base->offset);
  if (!joined.finder->find({&key, 1}, joined.values)) return;
  joined.places.scatter(joined.values, row, unknown);
  cell(row, joined.join->marker_offset) = Value::integer(1);
}

SideEntries::SideEntries(Database& database, std::string_view entity)
    : database_(database), entity_(entity), any_(side_table::has_entries(database.main(), entity)) {}

Value SideEntries::find(std::string_view key) {
  if (!any_) return Value::null();
  static const std::string sql = fmt::format("SELECT residue FROM {} WHERE entity = $1 AND key = $2", side_table_name);
  const std::string stored = side_table::stored_key(key);
  const Parameter parameters[] = {text_parameter(entity_), text_parameter(stored)};
  result_ = database_.main().query_prepared(sql, parameters);
  return result_.rows() == 0 ? Value::null() : Value::text(result_.bytes(0, 0));
}

Value SideEntries::find_some(std::string_view key) {
  if (!any_) return Value::null();
  if (!knows_keys_) {
    keys_ = side_table::keys(database_.main(), entity_);
    knows_keys_ = true;
  }
  return keys_.may_contain(key) ? find(key) : Value::null();
}

}  // namespace twoway::postgresql
