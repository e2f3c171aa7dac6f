// What the generator makes: a tree of files, and how it gets onto the disk.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace twowayc {

/// Path below the output folder (with `/`) -> content.
using FileTree = std::map<std::string, std::string>;

struct WriteCounts {
  std::size_t written = 0;
  std::size_t unchanged = 0;
  std::size_t removed = 0;
  /// Files that an earlier run made, that this one does not make and that somebody has edited: they stay.
  std::vector<std::string> kept;
};

/// Writes what differs, each file under another name first; then removes the files of the MANIFEST found there that are
/// not in the tree. Throws std::filesystem::filesystem_error or std::runtime_error.
WriteCounts write_tree(const std::filesystem::path& directory, const FileTree& tree);

/// How the folder differs from the tree, a line each: `missing: x`, `stale: x`, `left over: x`. Writes nothing.
std::vector<std::string> compare_tree(const std::filesystem::path& directory, const FileTree& tree);

}  // namespace twowayc
