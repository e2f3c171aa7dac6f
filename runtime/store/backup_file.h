// The files that backups are written to.
#pragma once

#include <filesystem>
#include <string_view>

namespace twoway {

/// A file `STAMP-NAME.unfinished` that gets its final name `STAMP-NAME` when it is whole; until then it goes away with
/// this object. Only its owner can read it: it will hold everybody's secrets.
class BackupFile {
 public:
  /// Makes it, empty, in `directory` (which is made where it is missing), under a name that is not taken: two runs in
  /// one second keep a backup each. Throws Error(cannot_start).
  BackupFile(const std::filesystem::path& directory, std::string_view stamp, std::string_view name);
  ~BackupFile();
  BackupFile(const BackupFile&) = delete;
  BackupFile& operator=(const BackupFile&) = delete;

  /// Where to write.
  const std::filesystem::path& path() const { return unfinished_; }
  /// Waits for the disk and gives it its final name, which is returned. Throws Error(cannot_start), and
  /// std::filesystem::filesystem_error.
  std::filesystem::path finish();

 private:
  std::filesystem::path unfinished_;
  bool finished_ = false;
};

/// Takes away what killed runs left half made in a directory, with the journals that SQLite keeps beside its files: a
/// backup is as large as the target, and halves of it would fill the disk. Only for a directory in which nobody else
/// makes files now. What cannot be removed stays: nobody takes it for whole.
void remove_unfinished(const std::filesystem::path& directory);

}  // namespace twoway
