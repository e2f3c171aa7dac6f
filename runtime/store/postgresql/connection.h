// A connection to a PostgreSQL server: opened and configured through SOCI; read and written through the native handle
// beneath it, because only that has binary values, COPY and the fields of an error.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/model/value.h"
#include "runtime/store/postgresql/address.h"
#include "runtime/store/postgresql/failure.h"

struct pg_conn;
struct pg_result;

namespace twoway::postgresql {

class SociSession;

/// `name` as a SQL identifier, `text` as a SQL literal.
std::string quoted_name(std::string_view name);
std::string quoted_text(std::string_view text);

/// Rows that a statement gave, in PostgreSQL's binary format; they live as long as this object.
class Result {
 public:
  Result() = default;
  explicit Result(pg_result* result) : result_(result) {}
  ~Result();
  Result(Result&& other) noexcept;
  Result& operator=(Result&& other) noexcept;

  explicit operator bool() const { return result_ != nullptr; }
  int rows() const;
  int columns() const;
  bool is_null(int row, int column) const;
  /// The value's bytes as the server sent them; of no bytes for NULL. codec.h reads them.
  std::string_view bytes(int row, int column) const;
  /// For columns that are boolean, smallint, integer, bigint or oid; 0 for NULL.
  std::int64_t integer(int row, int column) const;
  /// For columns that are text of some kind.
  std::string text(int row, int column) const { return std::string(bytes(row, column)); }
  /// For columns that are text[]; NULL elements are empty.
  std::vector<std::string> texts(int row, int column) const;
  /// The column's type.
  std::uint32_t type(int column) const;
  /// Rows that the statement inserted, updated, deleted, copied or gave.
  std::int64_t changes() const;

 private:
  pg_result* result_ = nullptr;
};

/// One parameter of a statement. Bytes are views and must live until the statement has run.
struct Parameter {
  std::uint32_t type = 0;  ///< its type's oid; 0: the server infers it
  std::optional<std::string_view> bytes;  ///< nullopt: NULL
  bool binary = false;     ///< in the binary format of that type, else text
};

/// A text, whose type the server infers from where it stands in the statement.
inline Parameter text_parameter(std::string_view text) { return {0, text, false}; }
/// `text[]` of these, in memory that the caller provides.
Parameter text_array_parameter(std::span<const std::string> texts, std::string& memory);

/// What the session is for.
enum class Access : std::uint8_t { read_only, read_write };

/// An open session. Not thread-safe. Every function throws StatementError or ConnectionLost.
class Connection {
 public:
  /// Throws Error(cannot_start) where the server cannot be reached, lets nobody in, is older than version 13, does not
  /// store UTF-8, or lacks the schema.
  Connection(const Address& address, Access access);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Runs one or more statements without parameters; results are dropped.
  void execute(const std::string& sql);
  /// Runs one statement; its values come in binary.
  Result query(const std::string& sql, std::span<const Parameter> parameters = {});
  /// The same for a statement that is run often: it is prepared the first time, with the types of those parameters.
  Result query_prepared(const std::string& sql, std::span<const Parameter> parameters);
  /// The first value of the first row, or 0 and an empty text.
  std::int64_t integer(const std::string& sql, std::span<const Parameter> parameters = {});
  std::string text(const std::string& sql, std::span<const Parameter> parameters = {});

  /// `COPY ... TO STDOUT`: begins, then gives piece after piece; one is valid until the next call. False at the end.
  void start_copy_out(const std::string& sql);
  bool receive_copy(std::string_view& piece);
  /// `COPY ... FROM STDIN`: begins, takes bytes, ends. finish_copy_in() gives the number of rows and throws what the
  /// server says of them; send_copy() throws only where the connection is lost.
  void start_copy_in(const std::string& sql);
  void send_copy(std::string_view bytes);
  std::int64_t finish_copy_in();
  /// Leaves a COPY in the middle; the connection can be used again, its transaction is spoiled.
  void abandon_copy();

  /// False where libpq knows that the connection is gone.
  bool alive() const;
  /// True inside of a transaction, also of a spoiled one.
  bool in_transaction() const;
  /// True where the next statement can be run: no COPY is under way and no transaction spoiled.
  bool ready() const;
  /// Opens a new session in place of a lost one. Once; see reconnect.h for patience.
  void reopen();

  const Address& address() const { return address_; }
  std::string describe() const { return address_.describe(); }
  /// The schema that holds the tables.
  const std::string& schema() const { return schema_; }
  int server_version() const;  ///< 150020 for 15.20
  pg_conn* native() const { return native_; }

 private:
  void open();
  void configure();
  void choose_schema();
  void check_server() const;
  Result checked(pg_result* result, std::string_view sql);
  [[noreturn]] void fail(const pg_result* result, std::string_view sql) const;
  [[noreturn]] void lost(const std::string& words) const;
  void drain();

  Address address_;
  Access access_;
  std::unique_ptr<SociSession> session_;
  pg_conn* native_ = nullptr;
  std::string schema_;
  std::unordered_map<std::string, std::string> prepared_;  // statement -> its name on the server
  char* copy_piece_ = nullptr;  // libpq's memory
};

/// A further connection in a run that has begun: where it does not come about, the run is interrupted.
std::unique_ptr<Connection> open_further(const Address& address, Access access);

}  // namespace twoway::postgresql
