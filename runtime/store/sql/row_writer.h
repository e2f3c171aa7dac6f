// Upserts an entity's rows, its joined rows and its side entries.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "runtime/store/sql/kept_entity.h"
#include "runtime/store/sql/side_table.h"
#include "runtime/store/sqlite/schema.h"
#include "runtime/store/streams.h"

namespace twoway::sql_sqlite {

class SqliteRowWriter : public RowWriter {
 public:
  SqliteRowWriter(sqlite::Connection& connection, sqlite::LiveSchema& schema, SideTable& side, const Entity& entity);

  Outcome write(const void* row, std::span<const std::pair<std::string_view, Value>> unknown,
                const Value& side) override;

 private:
  /// Statements for one set of unknown columns (mostly the empty one).
  struct Statements {
    sqlite::Statement upsert;
    sqlite::Statement find;
    sqlite::Statement update;
    std::unique_ptr<KeptRows> kept;  ///< over the written columns; null where they do not hold the table's own key
  };
  /// One table of the entity: its own, or a joined one.
  struct Table {
    std::string_view name;
    std::vector<std::size_t> columns;       ///< indexes into Entity::columns
    std::vector<std::string> key;           ///< column names; for a joined table its key column
    std::vector<std::size_t> key_columns;   ///< indexes into Entity::columns of the values
    const Join* join = nullptr;
    bool unique_key = false;                ///< ON CONFLICT can be used
    Statements* plain = nullptr;            ///< those without unknown columns, once they are made
  };
  using Unknown = std::span<const std::pair<std::string_view, Value>>;

  Table table_of(std::string_view name, const Join* join) const;
  Statements& statements(Table& table, const std::vector<std::string_view>& unknown);
  Outcome write_tables(const void* row, Unknown unknown, const Value& side);
  Outcome write_table(Table& table, const void* row, Unknown unknown);
  /// Writes `values_`, of which the key stands in the row.
  Outcome write_values(Table& table, Statements& statement, const void* row);
  std::unique_ptr<KeptRows> kept_rows(const Table& table, const std::vector<std::string_view>& unknown) const;
  bool keep_values(KeptRows& kept);
  Outcome rejected() const;
  void ensure_column(std::string_view table, std::string_view column);

  sqlite::Connection& connection_;
  sqlite::LiveSchema& schema_;
  SideTable& side_;
  const Entity& entity_;
  std::vector<Table> tables_;
  std::map<std::string, Statements> statements_;
  std::vector<std::string_view> unknown_names_;  // of the row in hand, kept for their memory
  std::vector<Value> values_;                    // as the table shows them
  std::vector<Value> exact_values_;
  std::unique_ptr<bool[]> chosen_;               // in step: those that are not shown as they are
  std::size_t chosen_room_ = 0;
  Arena arena_;
};

}  // namespace twoway::sql_sqlite
