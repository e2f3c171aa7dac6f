// Files that a run replaced: kept beside its backups, put back when it is taken back.
//
// STATE/replaced-files-TIME[-N]/ENTITY.FIELD/root          where they were: the absolute path of a directory
//                                           /files/[FOLDER/]NAME
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace twoway::files {

/// Where the files go that a run replaces which began at `started` (UTC, ISO 8601): a directory that is not there yet,
/// or, where the run goes on, the one that it made before. Nothing is made.
std::filesystem::path replaced_files(const std::filesystem::path& state, const std::string& started, bool goes_on);

/// Puts back what the run that began at `started` replaced; what stands there now is kept in the same way, in
/// STATE/files-before-restore-NOW[-N].
/// `moved` gives the present place of a directory. Returns how many files. May be repeated. Throws Error.
std::uint64_t put_back(const std::filesystem::path& state, const std::string& started, const std::string& now,
                       const std::function<std::filesystem::path(const std::filesystem::path&)>& moved);

}  // namespace twoway::files
