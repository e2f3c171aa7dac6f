// A directory that goes away with its owner.
#pragma once

#include <filesystem>
#include <string_view>

namespace twoway::test {

/// A directory whose files lie in memory, where there is one that can be written to; else empty.
std::filesystem::path memory_directory();

/// Where a temporary directory lies.
enum class Place {
  disk,    ///< below $TMPDIR, or /tmp
  memory,  ///< in memory_directory() where there is one: for thousands of files, which disks take long to remove
};

/// A fresh, empty directory, removed by the destructor. With TWOWAY_KEEP set in the environment it stays and its path
/// is printed, to look at what a failed test left.
class TemporaryDirectory {
 public:
  explicit TemporaryDirectory(std::string_view name = "test", Place place = Place::disk);
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::filesystem::path& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace twoway::test
