#include "generator/emit/output/file_tree.h"

#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "generator/emit/output/manifest.h"
#include "generator/source/sha256.h"

namespace twowayc {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in || fs::is_directory(path)) return std::nullopt;
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return std::move(bytes).str();
}

void write(const fs::path& path, const std::string& content) {
  fs::create_directories(path.parent_path());
  fs::path temporary = path;
  temporary += ".twowayc-new";
  {
    std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
    out.close();
    if (!out) throw std::runtime_error("cannot write " + temporary.string());
  }
  fs::rename(temporary, path);
}

/// Removes the folders above `path` that are empty now, up to the output folder.
void remove_empty_parents(const fs::path& directory, fs::path path) {
  for (path = path.parent_path(); path != directory && fs::is_empty(path); path = path.parent_path()) fs::remove(path);
}

std::map<std::string, std::string> earlier_files(const fs::path& directory) {
  const std::optional<std::string> manifest = read(directory / manifest_name);
  return manifest ? files_of_manifest(*manifest) : std::map<std::string, std::string>{};
}

}  // namespace

WriteCounts write_tree(const fs::path& directory, const FileTree& tree) {
  WriteCounts counts;
  const auto earlier = earlier_files(directory);
  for (const auto& [path, content] : tree) {
    if (path == manifest_name) continue;
    if (read(directory / path) == content) {
      ++counts.unchanged;
      continue;
    }
    write(directory / path, content);
    ++counts.written;
  }
  for (const auto& [path, digest] : earlier) {
    if (tree.contains(path)) continue;
    const std::optional<std::string> content = read(directory / path);
    if (!content) continue;
    if (sha256_hexadecimal(*content) != digest) {
      counts.kept.push_back(path);
      continue;
    }
    fs::remove(directory / path);
    remove_empty_parents(directory, directory / path);
    ++counts.removed;
  }
  // Last, so that an interrupted run still owns what it has not removed.
  if (const auto manifest = tree.find(std::string(manifest_name)); manifest != tree.end()) {
    if (read(directory / manifest_name) == manifest->second) {
      ++counts.unchanged;
    } else {
      write(directory / manifest_name, manifest->second);
      ++counts.written;
    }
  }
  return counts;
}

std::vector<std::string> compare_tree(const fs::path& directory, const FileTree& tree) {
  std::vector<std::string> differences;
  for (const auto& [path, content] : tree) {
    const std::optional<std::string> there = read(directory / path);
    if (!there) {
      differences.push_back("missing: " + path);
    } else if (*there != content) {
      differences.push_back("stale: " + path);
    }
  }
  for (const auto& [path, digest] : earlier_files(directory)) {
    if (!tree.contains(path) && fs::exists(directory / path)) differences.push_back("left over: " + path);
  }
  return differences;
}

}  // namespace twowayc
