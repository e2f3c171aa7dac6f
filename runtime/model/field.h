// What the generated code says about one pair of column and field.
#pragma once

#include <string_view>

#include "runtime/model/value.h"

namespace twoway {

/// What the empty PocketBase value ('' or, for json, NULL) means on the SQL side.
enum class Empty : std::uint8_t {
  null,   ///< SQL NULL (the ordinary choice for a nullable column)
  value,  ///< the empty value itself: '' for text and dates, 0 for times that are numbers, the JSON text `null` for
          ///< json (for a column that is NOT NULL, or with `json_null: json`)
};

/// One mapped pair of SQL column and PocketBase field, as the mapping declares it. All text is literal.
struct Field {
  std::string_view column;    ///< SQL column; `table.column` for a joined table
  std::string_view name;      ///< PocketBase field
  std::string_view lens;      ///< the lens' name in the mapping
  std::string_view position;  ///< `file:line` in the mapping, for reports
  Empty empty = Empty::null;
  /// What an empty field of a record that was made in PocketBase becomes in SQL. NULL: no default.
  Value fallback = Value::null();
  /// The fallback is the time at which PocketBase made the record (its `created` field); `fallback` is unused.
  bool fallback_created = false;
};

}  // namespace twoway
