// Files for tests.
#pragma once

#include <filesystem>
#include <fstream>
#include <string_view>

#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"

namespace twowayc {

using twoway::test::read_file;
using twoway::test::TemporaryDirectory;

/// Writes a file and the folders above it.
inline void write_file(const std::filesystem::path& path, std::string_view bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream stream(path, std::ios::binary | std::ios::trunc);
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace twowayc
