// A SQLite file: opened and configured through SOCI, read and written through the native handle beneath it, because
// only that shows storage classes, text with NUL and blobs as they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "runtime/model/value.h"

struct sqlite3;
struct sqlite3_stmt;

namespace twoway::sqlite {

/// `name` as a SQL identifier.
std::string quoted_name(std::string_view name);

class Connection;
class SociSession;

/// A prepared statement. Indexes are 0-based for parameters and columns. Values that are bound must live until the
/// statement is stepped; values that are read live until the next step or reset.
class Statement {
 public:
  Statement() = default;
  Statement(Connection& connection, std::string_view sql);
  ~Statement();
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;

  explicit operator bool() const { return statement_ != nullptr; }
  void bind(int parameter, const Value& value);
  /// True while there is a row. Throws Error on anything but a constraint violation when `constraints_throw`.
  bool step();
  /// Runs to completion; false (and Connection::last_error) where a constraint refuses it.
  bool execute();
  void reset();
  Value column(int index) const;
  int columns() const;
  std::string_view column_name(int index) const;

 private:
  Connection* connection_ = nullptr;
  sqlite3_stmt* statement_ = nullptr;
};

/// How a file is opened.
enum class Access : std::uint8_t {
  read_only,  ///< leaves the file, its WAL and its directory as they are
  exclusive,  ///< for writing: the file must exist, and nobody else gets at it while the connection lives
  create,     ///< for writing: the file may be made; without a name it is one that goes away with the connection
};

/// Rolls back what a killed writer left in a file (its journal lies beside it). Does nothing where there is none. Only
/// for files that are about to be written to: SQLite does the same for whoever opens the file next.
void roll_back_unfinished_write(const std::filesystem::path& file);

/// An open SQLite database. Not thread-safe.
class Connection {
 public:
  /// Throws Error(cannot_start) where the file is missing, unreadable, no database, in the middle of a rolled-back
  /// write, or not in UTF-8. `cache_bytes` bounds the page cache.
  Connection(const std::filesystem::path& file, Access access, std::size_t cache_bytes);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Statement prepare(std::string_view sql) { return Statement(*this, sql); }
  /// Runs statements that return nothing (through SOCI).
  void execute(const std::string& sql);
  /// The single integer or text that a query gives.
  std::int64_t integer(std::string_view sql);
  std::string text(std::string_view sql);
  /// Rows changed by the last statement.
  std::int64_t changes() const;
  /// Sets and reads the row id of the last insert: tells an insert from an update after an upsert.
  void clear_last_insert();
  std::int64_t last_insert() const;
  /// What SQLite's quick_check finds damaged first, on one line; empty where it finds its file in order.
  std::string damage();
  /// Ends all statements that are in the middle of their rows, so that the file can be checkpointed.
  void reset_statements();
  /// `wal`, `delete`... Throws where the file does not take it: SQLite itself would only answer with the mode it has.
  void set_journal_mode(std::string_view mode);
  /// Throws what a SQLite result code means for the operator. Whether anything was written by then is for the caller
  /// to know.
  [[noreturn]] void fail(int code, const std::string& words) const;
  /// SQLite's words for the last failure.
  std::string last_error() const;
  /// True where the file or its WAL is another one, longer, shorter or newer than when it was opened.
  bool changed_since_open() const;
  /// What that is judged by, as text.
  const std::string& opened_as() const { return opened_as_; }

  const std::filesystem::path& file() const { return file_; }
  sqlite3* native() const { return native_; }

 private:
  void open(const std::string& uri, Access access, std::size_t cache_bytes);
  void lock();
  /// Who has the file open, for people.
  std::string holders() const;

  std::filesystem::path file_;
  std::unique_ptr<SociSession> session_;
  sqlite3* native_ = nullptr;
  bool remove_shared_memory_ = false;
  bool exclusive_ = false;
  std::string opened_as_;  ///< what stat() said of the file and its WAL
};

}  // namespace twoway::sqlite
