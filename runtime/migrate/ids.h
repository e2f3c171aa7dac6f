// The table of pairs: each row's key in SQL and the id of its record in PocketBase.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "runtime/migrate/stores.h"

namespace twoway {

enum class IdsForm : std::uint8_t { csv, json };

/// Writes the pairs of one entity, in the store's own order and as they are read. From a SQL store: the id that each
/// row's record has or will have, empty (JSON: null) for one that can have none, because its key is another row's, too.
/// From a PocketBase: the key that each record's row has or will have.
/// CSV: a line with the names of the key's columns and `record_id`, then a line a row; bytes that are no text as `\x`
/// and hexadecimal digits, NULL as nothing. JSON: an array with `{"key": {column: value}, "record_id": text}` a line,
/// bytes that are no text as `{"hex": text}`. Returns the number of pairs.
std::uint64_t write_ids(const Mapping& mapping, const Entity& entity, const StoreAddress& store,
                        const OpenOptions& options, IdsForm form, const std::function<void(std::string_view)>& write);

}  // namespace twoway
