// SQLite read and written exactly: every cell with its storage class and all its bytes. Written apart from the
// runtime's own drivers on purpose, so that a test does not believe the code it tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace twoway::test {

/// One cell. Equality is of storage class and bits: 1 is not 1.0, 0.0 is not -0.0, text is no blob of the same bytes.
struct Cell {
  enum class Class : std::uint8_t { null, integer, real, text, blob };

  Class storage = Class::null;
  std::int64_t bits = 0;  ///< an integer, or the bits of a real
  std::string bytes;      ///< text (possibly invalid UTF-8 and with NUL) or a blob

  Cell() = default;
  Cell(std::nullptr_t) {}
  Cell(int value) : Cell(static_cast<std::int64_t>(value)) {}
  Cell(std::int64_t value) : storage(Class::integer), bits(value) {}
  Cell(double value);
  Cell(std::string_view text) : storage(Class::text), bytes(text) {}
  Cell(const std::string& text) : Cell(std::string_view(text)) {}
  Cell(const char* text) : Cell(std::string_view(text)) {}
  static Cell blob(std::string_view bytes);

  bool operator==(const Cell&) const = default;
  double real() const;
  /// For messages: class and value; long values are cut, unprintable bytes escaped.
  std::string describe() const;
};

using Row = std::vector<Cell>;

/// `name` as an SQL identifier.
std::string identifier(std::string_view name);

/// An open SQLite file. One thread at a time. Every error throws std::runtime_error with the statement.
class SqliteFile {
 public:
  enum class Mode : std::uint8_t { read, write, create };

  explicit SqliteFile(const std::filesystem::path& path, Mode mode = Mode::write);
  ~SqliteFile();
  SqliteFile(const SqliteFile&) = delete;
  SqliteFile& operator=(const SqliteFile&) = delete;

  /// Any number of statements, without values.
  void execute(const std::string& sql);
  /// One statement, all its rows.
  std::vector<Row> rows(const std::string& sql, const std::vector<Cell>& values = {});
  /// One statement; `visit` is called for each row, so that a large table need not be in memory.
  void each(const std::string& sql, const std::vector<Cell>& values, const std::function<void(const Row&)>& visit);
  /// One statement that returns nothing of interest.
  void run(const std::string& sql, const std::vector<Cell>& values = {});
  /// The first cell of the first row; NULL if there is no row.
  Cell cell(const std::string& sql, const std::vector<Cell>& values = {});
  /// The first cell as text; empty for anything else.
  std::string text(const std::string& sql, const std::vector<Cell>& values = {}) { return cell(sql, values).bytes; }
  /// The first cell as an integer; 0 for anything else.
  std::int64_t integer(const std::string& sql, const std::vector<Cell>& values = {});
  /// Inserts one row given as columns and values.
  void insert(std::string_view table, const std::vector<std::pair<std::string, Cell>>& row);

  /// All tables but SQLite's own, sorted.
  std::vector<std::string> tables();
  /// A table's columns in their order.
  std::vector<std::string> columns(std::string_view table);
  /// The columns of a table's primary key in the key's order; empty if it has none.
  std::vector<std::string> primary_key(std::string_view table);

 private:
  sqlite3_stmt* prepare(const std::string& sql, const std::vector<Cell>& values);
  [[noreturn]] void fail(const std::string& sql);

  friend class SqliteInsert;
  sqlite3* handle_ = nullptr;
};

/// An INSERT that is prepared once, for many rows. Must not outlive its file.
class SqliteInsert {
 public:
  SqliteInsert(SqliteFile& file, std::string_view table, const std::vector<std::string>& columns);
  ~SqliteInsert();
  SqliteInsert(const SqliteInsert&) = delete;
  SqliteInsert& operator=(const SqliteInsert&) = delete;

  /// The values in the order of the columns; a missing one at the end is NULL.
  void operator()(const std::vector<Cell>& values);

 private:
  SqliteFile& file_;
  std::string sql_;
  sqlite3_stmt* statement_ = nullptr;
};

}  // namespace twoway::test
