// Attic entries as records of the collection `twoway_attic`.
#pragma once

#include <optional>
#include <string>

#include "runtime/store/streams.h"

namespace twoway {

inline constexpr std::string_view attic_collection = "twoway_attic";

/// `table`, `column`, `row` or `object`.
std::string_view kind_name(AtticEntry::What what);
std::optional<AtticEntry::What> kind_of(std::string_view name);

/// A record id made from what tells the entry from others: the same entry has the same id in every run.
std::string attic_record_id(const AtticEntry& entry);
/// The entry's values as a JSON object of tagged strings, in order.
std::string attic_row(const AtticEntry& entry);
/// Reads them back; false where the text is none of ours.
bool read_attic_row(std::string_view json, AtticEntry& entry);

}  // namespace twoway
