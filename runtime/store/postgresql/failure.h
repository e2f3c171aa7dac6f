// What goes wrong between twoway and a PostgreSQL server.
#pragma once

#include <string>
#include <string_view>

#include "runtime/model/error.h"

namespace twoway::postgresql {

/// The SQLSTATE of what a function, mostly a trigger's, raises.
inline constexpr std::string_view trigger_refused = "P0001";

/// What the server says about a statement that it refused. The connection stands; a transaction is spoiled.
struct Refusal {
  std::string sqlstate;    ///< five characters
  std::string message;     ///< in the server's words, without values of rows
  std::string constraint;  ///< where it names one
  std::string table;
  std::string column;
};

/// A statement was refused.
class StatementError : public Error {
 public:
  StatementError(const std::string& what, std::string hint, Refusal refusal)
      : Error(ExitStatus::interrupted, what, std::move(hint)), refusal_(std::move(refusal)) {}
  const Refusal& refusal() const { return refusal_; }
  /// True where the rows are at fault, not the statement, the server or the rights: a constraint (23xxx), a value
  /// (22xxx), two rows of one key in one statement (21000), a value beyond a limit (54xxx). Other rows may go through.
  bool is_about_rows() const;

 private:
  Refusal refusal_;
};

/// The connection is gone, or the server is shutting down or starting. Whether a COMMIT that was under way took place
/// is not known. A new connection may help.
class ConnectionLost : public Error {
 public:
  using Error::Error;
};

/// True for a code that means that the connection is of no more use: 08xxx, 57P01 to 57P05.
bool is_connection_failure(std::string_view sqlstate);

}  // namespace twoway::postgresql
