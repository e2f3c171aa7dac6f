// Puts exact values in the place of what the database shows for them.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "runtime/store/postgresql/side_table.h"
#include "runtime/store/postgresql/table_layout.h"

namespace twoway::postgresql {

/// The values of one table that are kept in the side table. Rows without any cost one look into a set of hashes.
class KeptValues {
 public:
  KeptValues(Connection& connection, const TableLayout& layout);

  bool any() const { return !keys_.empty(); }
  /// Restores the values of a row that still shows what was shown for them; what was edited since then stays. True
  /// where something was restored. Memory is the arena's.
  bool restore(std::span<Value> values, Arena& arena);

 private:
  Value shown_for(std::size_t column, const Value& exact, Arena& arena);

  Connection& connection_;
  const TableLayout& layout_;
  KeySet keys_;
};

/// What the server makes of a text that it casts to the column's type, as text again; nullopt where it refuses it or
/// where the transaction is spoiled by that.
std::optional<std::string> cast_by_server(Connection& connection, const LiveColumn& column, std::string_view text);

}  // namespace twoway::postgresql
