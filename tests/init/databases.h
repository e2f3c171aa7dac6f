// The databases that mappings are drafted from, and their mappings.
#pragma once

#include <filesystem>
#include <string>

#include "tests/support/places.h"
#include "tests/support/process.h"
#include "tests/support/sqlite_file.h"

namespace twoway::test {

inline std::filesystem::path init_directory() { return source_directory() / "tests/init"; }

/// Makes DIRECTORY/NAME.db from schemas/NAME.sql.
inline std::filesystem::path make_database(const std::filesystem::path& directory, const std::string& name) {
  const std::filesystem::path file = directory / (name + ".db");
  SqliteFile(file, SqliteFile::Mode::create).execute(read_file(init_directory() / "schemas" / (name + ".sql")));
  return file;
}

}  // namespace twoway::test
