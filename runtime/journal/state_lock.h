// One run at a time works with a state directory.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace twoway {

/// Holds `directory/lock` as long as it lives. The lock goes with the process, however that ends.
class StateLock {
 public:
  /// Makes the directory where it is missing. Throws Error(cannot_start), with the number of the process, where another
  /// one holds the lock.
  explicit StateLock(const std::filesystem::path& directory);
  /// Throws what the constructor would throw where another process holds the lock; makes nothing.
  static void refuse_held(const std::filesystem::path& directory);
  /// The number of the process that holds a directory's lock; nullopt where nobody does.
  static std::optional<std::string> holder(const std::filesystem::path& directory);
  ~StateLock();
  StateLock(const StateLock&) = delete;
  StateLock& operator=(const StateLock&) = delete;

 private:
  int file_ = -1;
};

}  // namespace twoway
