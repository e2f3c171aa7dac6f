// What a directory holds.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace twoway {

/// The names in a directory, in no order, without `.` and `..`; nullopt where it cannot be read. (Where memory fails, the
/// standard library's iterator ends the program; this throws bad_alloc.)
std::optional<std::vector<std::string>> names_in(const std::filesystem::path& directory);

}  // namespace twoway
