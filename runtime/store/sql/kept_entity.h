// Kept values of an entity's tables, put back into the entity's row.
#pragma once

#include <memory>
#include <vector>

#include "runtime/store/entity_columns.h"
#include "runtime/store/sql/kept_rows.h"
#include "runtime/store/sqlite/schema.h"
#include "runtime/store/streams.h"

namespace twoway::sql_sqlite {

/// The shape of a live table: its columns but for generated ones, and what tells its rows apart.
TableShape shape_of(sqlite::Connection& connection, const sqlite::LiveTable& table);

/// Costs nothing where none of the entity's tables has kept values, which is the ordinary case.
class KeptEntity {
 public:
  KeptEntity(sqlite::Connection& connection, const sqlite::LiveSchema& schema, SideTable& side, const Entity& entity,
             const std::vector<UnknownColumn>& unknown);

  /// Puts exact values in the place of those that the row still shows for them. `unknown_values` are in step with the
  /// unknown columns. Text is valid until the next call.
  void restore(void* row, std::span<Value> unknown_values);

 private:
  struct Table {
    std::unique_ptr<KeptRows> kept;
    TablePlaces places;
    std::vector<Value> values;
  };

  std::vector<Table> tables_;
  Arena arena_;
};

}  // namespace twoway::sql_sqlite
