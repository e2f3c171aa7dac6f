// Reads an entity's rows in the table's own order, which is the cheapest, and the side table's entries beside them.
#pragma once

#include <string>
#include <vector>

#include "runtime/store/row_buffer.h"
#include "runtime/store/sql/entity_columns.h"
#include "runtime/store/sql/kept_entity.h"
#include "runtime/store/sql/side_table.h"
#include "runtime/store/streams.h"

namespace twoway::sql_sqlite {

class SqliteRowReader : public RowReader {
 public:
  SqliteRowReader(sqlite::Connection& connection, const sqlite::LiveSchema& schema, SideTable& side,
                  const Entity& entity);

  bool next() override;
  const void* row() const override { return row_.get(); }
  std::span<const UnknownColumn> unknown_columns() const override { return unknown_; }
  std::span<const Value> unknown_values() const override { return unknown_values_; }
  Value side() override;
  std::size_t bytes() const override { return bytes_; }

 private:
  const Entity& entity_;
  SideTable& side_;
  bool has_side_;
  std::vector<UnknownColumn> unknown_;
  std::vector<Value> unknown_values_;
  KeptEntity kept_;
  RowBuffer row_;
  sqlite::Statement statement_;
  std::size_t bytes_ = 0;
  Arena arena_;
};

}  // namespace twoway::sql_sqlite
