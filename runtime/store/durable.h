// What the disk must have before a run relies on it.
#pragma once

#include <filesystem>
#include <string_view>

namespace twoway {

/// Waits until the disk has a file's bytes. SQLite's VACUUM INTO and pg_dump leave that to the system: after a power
/// failure a backup would be there by name only. Throws Error(cannot_start) where the disk says no.
void make_durable(const std::filesystem::path& file);

/// The same, for the names in a directory. File systems that cannot do this are left alone.
void make_names_durable(const std::filesystem::path& directory);

/// What a file is called until it is whole: a run that is killed meanwhile leaves none that has its name.
inline constexpr std::string_view unfinished_ending = ".unfinished";

/// Takes away what killed runs left half made in a directory, with the journals that SQLite keeps beside its files.
/// Only for a directory in which nobody else makes files now. What cannot be removed stays: nobody takes it for whole.
void remove_unfinished(const std::filesystem::path& directory);

/// Gives a file that is whole its name in the same directory, and waits for the disk. Throws as make_durable() does,
/// and std::filesystem::filesystem_error.
void finish_file(const std::filesystem::path& unfinished, const std::filesystem::path& name);

}  // namespace twoway
