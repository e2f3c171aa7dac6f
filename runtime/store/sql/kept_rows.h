// What a SQLite database keeps beside one of its tables because the table cannot hold it.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "runtime/store/kept.h"
#include "runtime/store/sql/side_table.h"
#include "runtime/store/sqlite/affinity.h"

namespace twoway::sql_sqlite {

/// One table's kept values and waiting rows, and what the table makes of a value.
class KeptRows {
 public:
  KeptRows(SideTable& side, const TableShape& shape);

  const TableShape& shape() const { return shape_; }
  /// What the table shows for a value. Text that is made is in `arena`.
  Value shown(std::size_t column, const Value& value, Arena& arena);
  /// Why a value that is not shown as it is cannot be held.
  static std::string reason(const Value& value);

  /// False where there is nothing to restore.
  bool has_values() const { return has_values_; }
  /// Puts exact values in the place of those that the row still shows for them. Text is in `arena`.
  void restore(std::span<Value> values, Arena& arena);
  /// Number of waiting rows.
  std::uint64_t waiting() { return side_.count(rows_of_); }
  /// The waiting rows in the order of their keys.
  sqlite::Statement list_waiting() { return side_.list(rows_of_); }
  /// Fills `values` from a waiting row's document; columns that it lacks are NULL. False where it is none of ours.
  bool read_waiting(std::string_view document, std::span<Value> values, Arena& arena) const;
  /// The waiting row with this key; false where there is none.
  bool find_waiting(std::string_view key, std::span<Value> values, Arena& arena);

  /// Notes the exact values of a row that stands in the table. True where something changed.
  bool keep_values(std::string_view key, std::span<const Value> values, std::span<const bool> chosen);
  /// Lets a row wait, or no longer. True where something changed.
  bool keep_row(std::string_view key, std::span<const Value> values);
  bool drop_row(std::string_view key);

 private:
  SideTable& side_;
  TableShape shape_;
  std::string values_of_;
  std::string rows_of_;
  std::vector<sqlite::Affinity> affinities_;
  sqlite::AffinityRules rules_;
  bool has_values_;
  bool has_rows_;
};

}  // namespace twoway::sql_sqlite
