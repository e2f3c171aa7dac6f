// Comparing two rows, and saying what differs without saying what stands in them.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "runtime/migrate/migration.h"
#include "runtime/model/entity.h"

namespace twoway {

using UnknownValues = std::vector<std::pair<std::string_view, Value>>;

/// A value for people: numbers as they are, text and blobs by their length and hash. Chats and secrets stay unsaid.
std::string described(const Value& value);

/// Appends a Difference for every column in which the rows differ; returns their number. At most `kept` are in `out`
/// altogether. `strict_unknown`: unknown columns that only `found` has are differences too.
std::size_t compare_rows(const Entity& entity, std::string_view key, const void* expected,
                         const UnknownValues& expected_unknown, const void* found, const UnknownValues& found_unknown,
                         bool strict_unknown, std::size_t kept, std::vector<Difference>& out);

/// `file:line` of a column in the mapping; empty where it has none.
std::string_view position_of(const Entity& entity, std::string_view column);

}  // namespace twoway
