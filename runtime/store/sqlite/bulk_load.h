// Writing much at once into a SQLite file, without ever leaving it in a state from which the next run could not go on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/store/sqlite/connection.h"

namespace twoway::sqlite {

/// While a new file is filled, it has a rollback journal instead of a WAL (new pages are then written once, not twice),
/// and the ordinary indexes of chosen tables are set aside (sorting them at the end is cheaper than growing them row by
/// row, as long as a table's rows fit into pages: making an index reads each row again). What was set aside stands in a
/// table of the file itself until it is back, so a killed load is finished by the next run. A file that held rows
/// before is left as it is.
class BulkLoad {
 public:
  /// The table that holds what is set aside; it exists only between start() and finish().
  static constexpr std::string_view table = "twoway_unfinished";

  explicit BulkLoad(Connection& connection) : connection_(connection) {}

  /// `empty`: the tables are new and hold nothing. The indexes of `many_small_rows` are set aside, but for unique ones:
  /// they refuse rows while rows are written.
  void start(bool empty, const std::vector<std::string_view>& many_small_rows);
  /// Makes the indexes again, also those that an earlier, killed load set aside, and gives the file its journal mode
  /// back.
  void finish();

 private:
  void set_aside(const std::vector<std::string_view>& tables);

  Connection& connection_;
};

}  // namespace twoway::sqlite
