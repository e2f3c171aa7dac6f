// The mapping to compare with: a folder, or a revision of this one in git.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace twowayc {

/// A folder that holds the old mapping. One that was made for it is removed by the destructor.
class OldMapping {
 public:
  /// `against` is a folder, or `git:REV`: then `mapping` as it was in that revision. Throws std::runtime_error where
  /// git says no.
  OldMapping(const std::filesystem::path& mapping, const std::string& against);
  ~OldMapping();
  OldMapping(const OldMapping&) = delete;
  OldMapping& operator=(const OldMapping&) = delete;

  const std::filesystem::path& directory() const { return directory_; }

 private:
  std::filesystem::path directory_;
  std::filesystem::path scratch_;   ///< empty: none was made
};

}  // namespace twowayc
