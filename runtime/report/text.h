// Words and figures for people: what every report has in common.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace twoway::report {

/// 12,345
std::string grouped(std::uint64_t number);

/// `1 row`, `12,345 rows`.
std::string counted(std::uint64_t number, std::string_view one, std::string_view many);

/// 340 ms, 8.2 s, 3 min 04 s, 2 h 05 min.
std::string duration(std::chrono::nanoseconds time);

/// 17 B, 1.4 kB, 36.0 MB, 2.1 GB (powers of 1000).
std::string size(std::uint64_t bytes);

/// Text that is safe on a terminal and in a file for people: bytes that are not UTF-8, control characters (C0, DEL, C1)
/// and characters that turn the writing direction become U+FFFD, as keys and table names come from foreign databases.
std::string printable(std::string_view text);

/// The same without what `://user:password@` and `password=...` give away.
std::string redacted(std::string_view text);

/// Characters of UTF-8 text, taken as one cell of the terminal each.
std::size_t width(std::string_view text);

/// How a column of a table stands.
enum class Align : std::uint8_t { left, right };

/// Lines of aligned text; cells are made printable, the last column is not padded.
class Table {
 public:
  explicit Table(std::vector<Align> columns) : columns_(std::move(columns)) {}
  /// As many cells as the table has columns.
  void add(std::vector<std::string> cells);
  /// All rows, each behind `indent` and with a line feed.
  std::string text(std::string_view indent = {}) const;

 private:
  std::vector<Align> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace twoway::report
