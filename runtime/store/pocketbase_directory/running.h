// Is a PocketBase running on a data directory? An idle one holds no file open, but it watches the directory.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace twoway {

/// `pocketbase (process 1234)` where a process of this machine that we may look at watches `directory/.notify` by
/// inotify (every PocketBase that has that folder does), else nullopt. A process in another container or on another
/// host is not seen.
std::optional<std::string> running_pocketbase(const std::filesystem::path& directory);

/// Throws Error(cannot_start) where one is.
void refuse_running_pocketbase(const std::filesystem::path& directory);

}  // namespace twoway
