// What the disk must have before a run relies on it.
#pragma once

#include <filesystem>

namespace twoway {

/// Waits until the disk has a file's bytes. SQLite's VACUUM INTO and pg_dump leave that to the system: after a power
/// failure a backup would be there by name only. Throws Error(cannot_start) where the disk says no.
void make_durable(const std::filesystem::path& file);

/// The same, for the names in a directory. File systems that cannot do this are left alone.
void make_names_durable(const std::filesystem::path& directory);

}  // namespace twoway
