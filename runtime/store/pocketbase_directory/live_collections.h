// The collections of a PocketBase data directory, as PocketBase's interface describes them.
#pragma once

#include <boost/json/array.hpp>
#include <filesystem>

namespace twoway {

/// Reads data.db; nothing is written, and PocketBase may run. Throws Error(cannot_start) where it is no PocketBase's.
boost::json::array directory_collections(const std::filesystem::path& directory);

}  // namespace twoway
