// A draft beside the one that is checked in.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "generator/emit/output/file_tree.h"
#include "tests/init/databases.h"

namespace twowayc {

inline void write_files(const std::filesystem::path& folder, const FileTree& files) {
  for (const auto& [path, text] : files) {
    std::filesystem::create_directories((folder / path).parent_path());
    std::ofstream(folder / path, std::ios::binary) << text;
  }
}

inline FileTree read_files(const std::filesystem::path& folder) {
  FileTree files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    files[entry.path().lexically_relative(folder).generic_string()] = twoway::test::read_file(entry.path());
  }
  return files;
}

/// With UPDATE_EXPECTED in the environment, checks it in.
inline void expect_checked_in(const std::string& name, const FileTree& files) {
  const std::filesystem::path expected = twoway::test::init_directory() / "mappings" / name;
  if (std::getenv("UPDATE_EXPECTED") != nullptr) {
    std::filesystem::remove_all(expected);
    write_files(expected, files);
  }
  EXPECT_EQ(read_files(expected), files);
}

}  // namespace twowayc
