// What the two JSON lenses share: which cell of PocketBase's json column shows a SQL value.
#pragma once

#include <string_view>

#include "runtime/lens/lens.h"

namespace twoway::lens::json_value {

/// The cell that shows `s`. The same view wherever PocketBase keeps the document to the byte.
Value shown(const Field& field, const Value& s, Arena& arena);

/// What PocketBase's NULL means in SQL.
Value empty(const Field& field);

/// True for a text that is one JSON number, if it is JSON at all.
inline bool is_number(std::string_view document) {
  return !document.empty() && (document[0] == '-' || (document[0] >= '0' && document[0] <= '9'));
}

/// The cell that a column of NUMERIC affinity makes of a JSON number; NULL where it is no finite number.
Value number(std::string_view digits);

}  // namespace twoway::lens::json_value
