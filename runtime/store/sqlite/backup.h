// A copy of a SQLite file, made before it is written to.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace twoway::sqlite {

/// Copies `source`, its WAL included, to `STAMP-NAME` in the directory (which is made where it is missing), checks the
/// copy, and returns its path. Throws Error(cannot_start) where that fails; the source is only read.
std::string back_up(const std::filesystem::path& source, const std::filesystem::path& directory,
                    std::string_view stamp);

/// Reads a backup through, with SQLite's quick_check. Throws Error(cannot_start) with what is damaged, and this hint.
void check_backup(const std::filesystem::path& backup, std::string_view hint);

}  // namespace twoway::sqlite
