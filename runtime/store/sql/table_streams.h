// Reading and writing the rows of one SQLite table, whatever its columns are.
#pragma once

#include <string>
#include <vector>

#include "runtime/store/sql/kept_rows.h"
#include "runtime/store/tables.h"

namespace twoway::sql_sqlite {

/// `SELECT columns FROM table`, without WHERE.
std::string select_table(const TableShape& shape);
/// Appends `a IS ? AND b IS ?` for the key.
std::string where_key(const TableShape& shape);

class SqliteTableReader : public TableReader {
 public:
  SqliteTableReader(sqlite::Connection& connection, SideTable& side, const TableShape& shape);
  bool next() override;
  std::span<const Value> values() const override { return values_; }
  std::size_t bytes() const override { return bytes_; }

 private:
  bool next_row();

  KeptRows kept_;
  sqlite::Statement rows_;
  sqlite::Statement waiting_;
  bool in_table_ = true;
  std::vector<Value> values_;
  std::size_t bytes_ = 0;
  Arena arena_;
};

class SqliteTableWriter : public TableWriter {
 public:
  /// `without_rowid`: of the live table.
  SqliteTableWriter(sqlite::Connection& connection, SideTable& side, const TableShape& shape, bool without_rowid,
                    bool dry_run, RefusedCounts& refused);
  Outcome write(std::span<const Value> values) override;

 private:
  void prepare();
  Outcome insert(bool by_hand);
  Outcome keep_row(std::string_view key, std::span<const Value> values);

  sqlite::Connection& connection_;
  KeptRows kept_;
  RefusedCounts& refused_;
  bool without_rowid_;
  bool dry_run_;
  sqlite::Statement upsert_;
  sqlite::Statement find_;
  sqlite::Statement remove_;
  std::vector<Value> shown_;
  std::unique_ptr<bool[]> chosen_;
  Arena arena_;
};

}  // namespace twoway::sql_sqlite
