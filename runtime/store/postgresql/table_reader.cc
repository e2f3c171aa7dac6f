#include "runtime/store/postgresql/table_reader.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "runtime/store/kept.h"
#include "runtime/transform/record_id.h"

namespace twoway::postgresql {

PostgresqlTableReader::PostgresqlTableReader(Database& database, TableLayout layout)
    : database_(database),
      layout_(std::move(layout)),
      kept_(database.main(), layout_),
      connection_(database.borrow()),
      rows_(std::make_unique<CopyReader>(*connection_, select_columns(layout_.columns, layout_.table()),
                                         layout_.columns)),
      restored_(layout_.columns.size()) {}

bool PostgresqlTableReader::next() {
  arena_.reset();
  if (rows_ != nullptr && next_row()) return true;
  return next_waiting();
}

bool PostgresqlTableReader::next_row() {
  if (!rows_->next()) {
    rows_.reset();
    return false;
  }
  values_ = rows_->values();
  bytes_ = rows_->bytes();
  if (!kept_.any()) return true;
  restored_.assign(values_.begin(), values_.end());
  kept_.restore(restored_, arena_);
  values_ = restored_;
  return true;
}

bool PostgresqlTableReader::next_waiting() {
  if (waiting_ == nullptr) {
    if (!side_table::has_entries(database_.main(), layout_.rows_entity)) return false;
    waiting_ = std::make_unique<CopyReader>(
        *connection_,
        fmt::format("SELECT residue FROM {} WHERE entity = {} ORDER BY key COLLATE \"C\"", side_table_name,
                    quoted_text(layout_.rows_entity)),
        std::vector{text_column("residue")});
  }
  while (waiting_->next()) {
    std::fill(restored_.begin(), restored_.end(), Value::null());
    const bool ours = kept::read(waiting_->values()[0].bytes(), layout_.shape, arena_,
                                 [&](std::size_t column, const Value& value) { restored_[column] = value; });
    if (!ours) continue;  // somebody changed it by hand: it is no row any more
    values_ = restored_;
    bytes_ = waiting_->bytes();
    return true;
  }
  return false;
}

RowFinder::RowFinder(Database& database, TableLayout layout)
    : database_(database), layout_(std::move(layout)), kept_(database.main(), layout_) {
  waiting_ = side_table::keys(database.main(), layout_.rows_entity);
  std::vector<std::string> conditions;
  for (const std::size_t index : layout_.shape.key) {
    const LiveColumn& column = layout_.columns[index];
    const std::size_t number = conditions.size() + 1;
    conditions.push_back(column.is_cast()
                             ? fmt::format("{} = ${}::text::{}", quoted_name(column.name), number, column.type)
                             : fmt::format("{} = ${}", quoted_name(column.name), number));
  }
  sql_ = fmt::format("{} WHERE {}", select_columns(layout_.columns, layout_.table()), fmt::join(conditions, " AND "));
}

bool RowFinder::find_row(std::span<const Value> key, std::vector<Value>& values) {
  std::vector<Parameter> parameters;
  for (std::size_t i = 0; i < layout_.shape.key.size(); ++i) {
    const LiveColumn& column = layout_.columns[layout_.shape.key[i]];
    // What the column cannot hold is in no row.
    if (key[i].is_null() || !fit(column, key[i], arena_).exact()) return false;
    parameters.push_back(parameter(column, key[i], arena_));
  }
  result_ = database_.main().query_prepared(sql_, parameters);
  if (result_.rows() == 0) return false;
  values.resize(layout_.columns.size());
  for (std::size_t i = 0; i < layout_.columns.size(); ++i) {
    values[i] = decode(layout_.columns[i], result_, 0, static_cast<int>(i), arena_);
  }
  kept_.restore(values, arena_);
  return true;
}

bool RowFinder::find(std::span<const Value> key, std::vector<Value>& values) {
  arena_.reset();
  if (find_row(key, values)) return true;
  if (waiting_.empty()) return false;
  const std::string_view text = record_id::encode(key, arena_);
  std::optional<std::string> document;
  if (std::any_of(key.begin(), key.end(), [](const Value& part) { return part.is_null(); })) {
    document = side_table::find_first(database_.main(), layout_.rows_entity, side_table::prefix_of_many(text));
  } else if (waiting_.may_contain(text)) {
    document = side_table::find_known(database_.main(), layout_.rows_entity, text);
  }
  if (!document) return false;
  values.assign(layout_.columns.size(), Value::null());
  return kept::read(arena_.copy(*document), layout_.shape, arena_,
                    [&](std::size_t column, const Value& value) { values[column] = value; });
}

}  // namespace twoway::postgresql
