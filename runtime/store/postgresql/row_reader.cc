#include "runtime/store/postgresql/row_reader.h"

#include <fmt/format.h>

#include "runtime/store/postgresql/codec.h"

namespace twoway::postgresql {

namespace {

/// Longer keys stand in the side table under another text.
constexpr std::size_t longest_plain_key = 1'900;

/// Most keys are one text, which is its own encoding: then the side table can be joined.
bool can_join_side(const Entity& entity, const EntityLayout& layout) {
  return entity.key.size() == 1 && layout.columns[entity.key[0]].transport == Transport::text;
}

}  // namespace

PostgresqlRowReader::PostgresqlRowReader(Database& database, const LiveSchema& schema, const Entity& entity)
    : database_(database),
      entity_(entity),
      layout_(entity_layout(entity, schema)),
      side_(database, entity.name),
      side_joined_(side_.any() && can_join_side(entity, layout_)),
      unknown_values_(layout_.unknown.size()),
      kept_(database, schema, entity, layout_.unknown),
      waiting_(database, schema, entity, layout_.unknown),
      row_(entity.row_bytes),
      connection_(database.borrow()) {
  const std::string sql = statement();
  std::vector<LiveColumn> columns = layout_.columns;
  if (side_joined_) columns.push_back(text_column("residue"));
  rows_ = std::make_unique<CopyReader>(*connection_, sql, std::move(columns));
}

std::string PostgresqlRowReader::statement() {
  RowsStatement statement = layout_.statement;
  if (side_joined_) {
    const Column& key = entity_.columns[entity_.key[0]];
    statement.columns.emplace_back("side.residue");
    statement.from += fmt::format(" LEFT JOIN {} AS side ON side.entity = {} AND side.key COLLATE \"C\" = {}::text "
                                  "COLLATE \"C\"",
                                  side_table_name, quoted_text(entity_.name), qualified(entity_, key.table, key.name));
  }
  // A join may come in any order; a scan comes in the table's own.
  if (side_joined_ || !entity_.joins.empty()) statement.from += " ORDER BY t.ctid";
  return statement.text();
}

bool PostgresqlRowReader::next() {
  if (in_table_ && next_row()) return true;
  in_table_ = false;
  return next_waiting();
}

bool PostgresqlRowReader::next_row() {
  if (!rows_->next()) {
    rows_.reset();
    return false;
  }
  bytes_ = fill_row(entity_, rows_->values(), row_.get(), unknown_values_);
  if (side_joined_) joined_document_ = rows_->values().back();
  kept_.restore(row_.get(), unknown_values_);
  return true;
}

bool PostgresqlRowReader::next_waiting() {
  if (!waiting_.any()) return false;
  if (waiting_rows_ == nullptr) {
    waiting_rows_ = std::make_unique<CopyReader>(
        *connection_,
        fmt::format("SELECT residue FROM {} WHERE entity = {} ORDER BY key COLLATE \"C\"", side_table_name,
                    quoted_text(waiting_.side_entity())),
        std::vector{text_column("residue")});
  }
  while (waiting_rows_->next()) {
    // What somebody changed by hand is no row any more.
    if (!waiting_.fill(waiting_rows_->values()[0].bytes(), row_.get(), unknown_values_)) continue;
    bytes_ = waiting_rows_->bytes();
    return true;
  }
  return false;
}

Value PostgresqlRowReader::side() {
  if (!side_.any()) return Value::null();
  arena_.reset();
  const std::string_view key = key_text(entity_, row_.get(), arena_);
  if (!side_joined_) return side_.find_some(key);
  const Value& plain = cell(row_.get(), entity_.columns[entity_.key[0]].offset);
  const bool is_plain = plain.is_text() && plain.bytes() == key && key.size() <= longest_plain_key;
  return in_table_ && is_plain ? joined_document_ : side_.find(key);
}

EntityFinder::EntityFinder(Database& database, const LiveSchema& schema, const Entity& entity)
    : database_(database),
      entity_(entity),
      layout_(entity_layout(entity, schema)),
      key_(key_columns(entity, schema)),
      values_(layout_.columns.size()),
      unknown_values_(layout_.unknown.size()),
      kept_(database, schema, entity, layout_.unknown),
      waiting_(database, schema, entity, layout_.unknown) {}

bool EntityFinder::find_row(std::span<const Value> key, void* row) {
  const KeyCondition condition = key_condition(key_, key, "t.", arena_);
  if (!condition.possible) return false;
  result_ = database_.main().query_prepared(fmt::format("{} WHERE {}", layout_.statement.text(), condition.sql),
                                            condition.parameters);
  for (int i = 0; i < result_.rows(); ++i) {
    for (std::size_t j = 0; j < values_.size(); ++j) {
      values_[j] = decode(layout_.columns[j], result_, i, static_cast<int>(j), arena_);
    }
    fill_row(entity_, values_, row, unknown_values_);
    kept_.restore(row, unknown_values_);
    // A collation may take different texts for equal.
    bool equal = true;
    for (std::size_t j = 0; j < key.size(); ++j) {
      equal = equal && same(cell(row, entity_.columns[entity_.key[j]].offset), key[j]);
    }
    if (equal) return true;
  }
  return false;
}

bool EntityFinder::find(std::span<const Value> key, void* row,
                        std::vector<std::pair<std::string_view, Value>>& unknown) {
  arena_.reset();
  unknown.clear();
  if (!find_row(key, row) && !waiting_.find(key, row, unknown_values_)) return false;
  for (std::size_t i = 0; i < unknown_values_.size(); ++i) {
    unknown.emplace_back(layout_.unknown[i].name, unknown_values_[i]);
  }
  return true;
}

}  // namespace twoway::postgresql
