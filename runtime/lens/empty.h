// What an empty PocketBase field means in SQL (Field::empty), shared by the lenses.
#pragma once

#include "runtime/model/field.h"

namespace twoway::lens {

/// NULL or 0.
constexpr Value empty_integer(const Field& field) {
  return field.empty == Empty::null ? Value::null() : Value::integer(0);
}

/// NULL or ''.
constexpr Value empty_text(const Field& field) { return field.empty == Empty::null ? Value::null() : Value::text(""); }

}  // namespace twoway::lens
