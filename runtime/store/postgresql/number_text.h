// Documents that are one number. SQLite's JSON columns have NUMERIC affinity and hold such a document as an integer or
// a real, so that is what it is in twoway; PostgreSQL keeps its text.
#pragma once

#include <string_view>

#include "runtime/model/value.h"
#include "runtime/transform/arena.h"

namespace twoway::postgresql {

/// The integer or real that this text is where it is the one text that number_text() writes for it; else the text.
Value number_or_text(std::string_view text);
/// The text of an integer or of a finite real.
std::string_view number_text(const Value& number, Arena& arena);

}  // namespace twoway::postgresql
