// Ids of records that stand for nothing in SQL and so have no id of their own.
#pragma once

#include <string>
#include <string_view>

namespace twoway {

/// An id of PocketBase's own pattern, `[a-z0-9]{15}`, that is the same for the same text in every run: so that the
/// record can be written twice. (XXH3, 128 bits, of which 77 are used.)
std::string hashed_id(std::string_view text);

}  // namespace twoway
