// PostgreSQL's binary format <-> twoway's values, and what PostgreSQL can hold of a value.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "runtime/model/value.h"
#include "runtime/store/postgresql/column.h"
#include "runtime/store/postgresql/connection.h"
#include "runtime/transform/arena.h"

namespace twoway::postgresql {

// The terms of a Value are SQLite's, as applications store it there: see Transport. Text, JSON and bytea are handed
// over as views, never copied; only dates and times are written anew.

/// Reads a value that was sent in binary, selected as LiveColumn::selected() says. The view points into `bytes` or into
/// the arena.
Value decode(const LiveColumn& column, std::string_view bytes, Arena& arena);
/// The same from a result; NULL where it is NULL.
Value decode(const LiveColumn& column, const Result& result, int row, int index, Arena& arena);

/// Appends length and bytes of a value as a binary COPY has them. The column must hold it: see fit().
void append_field(std::string& out, const LiveColumn& column, const Value& value, Arena& arena);

/// The value as a parameter of a statement, of the type LiveColumn::wire_oid(). The column must hold it. Points into
/// the value or into the arena.
Parameter parameter(const LiveColumn& column, const Value& value, Arena& arena);

/// What a column can hold of a value.
struct Fit {
  Value shown;                 ///< what the column will show; the value itself where `reason` is empty
  std::string_view reason;     ///< for people, static text; empty: the column holds it exactly
  bool exact() const { return reason.empty(); }
};
/// Values of types that are cast by the server are looked at as text only: the server may still refuse them, or show
/// them in another form. `shown` may point into the arena.
Fit fit(const LiveColumn& column, const Value& value, Arena& arena);

/// What keeps a column from holding a value; nullopt where it holds it exactly.
std::optional<std::string> holds(const LiveColumn& column, const Value& value);
/// What the column shows for the value.
Value shown(const LiveColumn& column, const Value& value, Arena& arena);

/// The reason that NulPolicy is about.
inline constexpr std::string_view nul_in_text = "a NUL in text";

}  // namespace twoway::postgresql
