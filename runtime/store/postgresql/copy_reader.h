// Streams the rows of a query through a binary COPY.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "runtime/store/postgresql/codec.h"

namespace twoway::postgresql {

/// Rows one at a time, whatever their number. Values are views into libpq's buffer and valid until the next next().
class CopyReader {
 public:
  /// `query` selects the columns as LiveColumn::selected() says, in this order. It occupies the connection until next()
  /// has given false, or until this object is gone (then the query is cancelled and its transaction spoiled).
  CopyReader(Connection& connection, const std::string& query, std::vector<LiveColumn> columns);
  ~CopyReader();
  CopyReader(const CopyReader&) = delete;
  CopyReader& operator=(const CopyReader&) = delete;

  bool next();
  std::span<const Value> values() const { return values_; }
  /// Bytes of the row's values.
  std::size_t bytes() const { return bytes_; }
  /// What decoding needs beside libpq's buffer; reset by next().
  Arena& arena() { return arena_; }

 private:
  void read_row(std::string_view row);

  Connection& connection_;
  std::vector<LiveColumn> columns_;
  std::vector<Value> values_;
  std::size_t bytes_ = 0;
  bool first_ = true;
  bool done_ = false;
  Arena arena_;
};

/// `SELECT columns... FROM "table"`, as CopyReader wants them.
std::string select_columns(const std::vector<LiveColumn>& columns, std::string_view table);
/// A column of type text that stands in no table, for queries of the reader's own.
LiveColumn text_column(std::string name);

}  // namespace twoway::postgresql
