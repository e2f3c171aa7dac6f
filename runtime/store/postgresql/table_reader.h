// Reads a table: its rows as they stand, then those that it refused and that wait beside it.
#pragma once

#include <memory>
#include <vector>

#include "runtime/store/postgresql/copy_reader.h"
#include "runtime/store/postgresql/kept_values.h"

namespace twoway::postgresql {

class PostgresqlTableReader : public TableReader {
 public:
  PostgresqlTableReader(Database& database, TableLayout layout);

  bool next() override;
  std::span<const Value> values() const override { return values_; }
  std::size_t bytes() const override { return bytes_; }

 private:
  bool next_row();
  bool next_waiting();

  Database& database_;
  TableLayout layout_;
  KeptValues kept_;
  Database::Borrowed connection_;
  std::unique_ptr<CopyReader> rows_;
  std::unique_ptr<CopyReader> waiting_;
  std::vector<Value> restored_;
  std::span<const Value> values_;
  std::size_t bytes_ = 0;
  Arena arena_;
};

/// Looks rows up by their keys, the waiting ones too. What was kept or waited when it was made is all that it looks for
/// beside the table.
class RowFinder {
 public:
  RowFinder(Database& database, TableLayout layout);
  /// Views are valid until the next call.
  bool find(std::span<const Value> key, std::vector<Value>& values);

 private:
  bool find_row(std::span<const Value> key, std::vector<Value>& values);

  Database& database_;
  TableLayout layout_;
  KeptValues kept_;
  KeySet waiting_;
  std::string sql_;
  Result result_;
  Arena arena_;
};

}  // namespace twoway::postgresql
