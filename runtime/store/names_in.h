// What a directory holds.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace twoway {

/// The names in a directory, in no order, without `.` and `..`; nullopt where it cannot be read. Throws bad_alloc: the
/// iterator of the standard library ends the program where memory fails.
std::optional<std::vector<std::string>> names_in(const std::filesystem::path& directory);

}  // namespace twoway
