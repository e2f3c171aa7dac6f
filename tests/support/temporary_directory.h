// A directory that goes away with its owner.
#pragma once

#include <filesystem>
#include <string_view>

namespace twoway::test {

/// A fresh, empty directory below $TMPDIR (or /tmp), removed by the destructor. With TWOWAY_KEEP set in the environment
/// it stays and its path is printed, to look at what a failed test left.
class TemporaryDirectory {
 public:
  explicit TemporaryDirectory(std::string_view name = "test");
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::filesystem::path& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace twoway::test
