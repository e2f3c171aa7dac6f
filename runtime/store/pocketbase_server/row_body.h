// Rows on their way to a server: the body of one request.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/model/value.h"

namespace twoway {

/// An array with an array for each row, the record's id first.
class RowBody {
 public:
  /// `jsonb`: SQLite's binary JSON, in which text is raw bytes: any text arrives exactly and nothing is escaped.
  /// `json`: plain JSON, for where only text can go; text that is no UTF-8 comes as an array ["t", hexadecimal].
  /// A blob comes as an array [its bytes as text], in JSON as ["b", hexadecimal].
  enum class Form : std::uint8_t { jsonb, json };

  explicit RowBody(Form form);
  void begin_row();
  void add(const Value& value);
  void end_row();
  /// Takes back the row that was begun.
  void drop_row();
  void clear();

  std::size_t rows() const { return ends_.size(); }
  std::size_t bytes() const { return text_.size(); }
  /// Bytes of the row that was begun.
  std::size_t row_bytes() const { return text_.size() - row_begin_; }
  /// Columns in which some row has an array.
  const std::set<std::size_t>& tagged() const { return tagged_; }

  /// All rows; no further row can be added until clear().
  std::string_view body();
  /// Some of the rows as a body of its own.
  std::string body(std::size_t first, std::size_t last) const;
  /// The id of a row.
  std::string id(std::size_t row) const;

 private:
  std::size_t begin_of(std::size_t row) const;
  void add_text(std::string_view bytes);
  void add_blob(std::string_view bytes);
  void add_element(unsigned type, std::string_view payload);
  void open_array();
  void close_array(std::size_t begin);

  Form form_;
  std::string text_;
  std::vector<std::size_t> ends_;  ///< where each row ends
  std::vector<std::string> ids_;
  std::set<std::size_t> tagged_;
  std::size_t row_begin_ = 0;
  std::size_t column_ = 0;
  bool closed_ = false;
};

}  // namespace twoway
