// Reads an entity's rows: those of its tables as they stand, then those that its own table refused.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/store/postgresql/copy_reader.h"
#include "runtime/store/postgresql/entity_layout.h"
#include "runtime/store/row_buffer.h"
#include "runtime/store/streams.h"

namespace twoway::postgresql {

/// Streams a COPY on a connection of its own, so that look-ups and other readers go on beside it; nothing of the result
/// is held but the row in hand. Rows come in the order in which they lie in the table.
class PostgresqlRowReader : public RowReader {
 public:
  PostgresqlRowReader(Database& database, const LiveSchema& schema, const Entity& entity);

  bool next() override;
  const void* row() const override { return row_.get(); }
  std::span<const UnknownColumn> unknown_columns() const override { return layout_.unknown; }
  std::span<const Value> unknown_values() const override { return unknown_values_; }
  Value side() override;
  std::size_t bytes() const override { return bytes_; }

 private:
  bool next_row();
  bool next_waiting();
  std::string statement();

  Database& database_;
  const Entity& entity_;
  EntityLayout layout_;
  SideEntries side_;
  bool side_joined_;       // the side table's document is the last selected value
  Value joined_document_;
  std::vector<Value> unknown_values_;
  KeptEntity kept_;
  WaitingEntity waiting_;
  RowBuffer row_;
  Database::Borrowed connection_;
  std::unique_ptr<CopyReader> rows_;
  std::unique_ptr<CopyReader> waiting_rows_;
  bool in_table_ = true;
  std::size_t bytes_ = 0;
  Arena arena_;
};

/// Looks an entity's rows up by their keys, waiting ones too.
class EntityFinder {
 public:
  EntityFinder(Database& database, const LiveSchema& schema, const Entity& entity);
  /// Views are valid until the next call.
  bool find(std::span<const Value> key, void* row, std::vector<std::pair<std::string_view, Value>>& unknown);

 private:
  bool find_row(std::span<const Value> key, void* row);

  Database& database_;
  const Entity& entity_;
  EntityLayout layout_;
  std::vector<LiveColumn> key_;
  std::vector<Value> values_;
  std::vector<Value> unknown_values_;
  KeptEntity kept_;
  WaitingEntity waiting_;
  Result result_;
  Arena arena_;
};

}  // namespace twoway::postgresql
