// A row as it is written to the file of rejected rows: exact, without what must not be read there.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "runtime/model/entity.h"
#include "runtime/store/streams.h"

namespace twoway {

// JSON, {"column": tagged value, ...}; see runtime/transform/residue.h for the tags. Covered by `*` are: columns whose
// PocketBase field is hidden or holds a password or token, columns and tables that the mapping purges, columns that
// the mapping does not know and that are named like a secret, and any text that is a password hash or a JSON document
// with a member named like a secret. More is covered rather than less: nothing is carried from this text.

/// A row in the SQL side's terms.
std::string shown_row(const Mapping& mapping, const Entity& entity, const void* row,
                      std::span<const std::pair<std::string_view, Value>> unknown);
/// A row of a table as it stands. `values` are in step with the shape's columns.
std::string shown_row(const Mapping& mapping, const TableShape& shape, std::span<const Value> values);
/// A record. Residue holds values of any column, so it is covered where one of them may be secret.
std::string shown_record(const Entity& entity, const void* record, const Value& residue);
std::string shown_entry(const Mapping& mapping, const AtticEntry& entry);

}  // namespace twoway
