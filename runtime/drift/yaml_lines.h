// Single declarations of the mapping language, as docs/mapping-language.md has them, from what a live schema says.
#pragma once

#include <string>
#include <string_view>

#include "runtime/model/entity.h"
#include "runtime/store/live_schema.h"

namespace twoway::drift {

/// A scalar, quoted where YAML needs it.
std::string yaml_scalar(std::string_view text);

/// `note: { type: text, null: false, default: "''" }`. Where the language has no such type or default, the nearest, and
/// a comment that says what the database has.
std::string column_line(std::string_view dialect, const LiveColumn& column);

/// `note: { lens: text }` for a field of an entity, `own` (null: a new one, of `table`). `qualified` is the column's
/// name, with its table where that is joined. A column with a foreign key refers to the entity of the table there.
std::string field_line(const Mapping& mapping, const Entity* own, const LiveTable& table, const LiveColumn& column,
                       std::string_view qualified);

/// `- { name: i, on: [a, "b DESC"], where: "..." }`, for `indexes:`; `- [a, b]` for `unique:`.
std::string index_line(const LiveIndex& index);

/// `- { on: [a], to: t, columns: [id], on_delete: cascade }`
std::string foreign_key_line(const LiveForeignKey& key);

}  // namespace twoway::drift
