// Puts files into directories of one file system.
#pragma once

#include <atomic>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>

#include "runtime/files/file_side.h"

namespace twoway::files {

/// What replaced files' directory has in it.
inline constexpr std::string_view root_name = "root", files_name = "files";

/// Several threads may put files of different names at once.
class FileWriter {
 public:
  /// `root` is made when the first file is put.
  FileWriter(std::filesystem::path root, PutOptions options) : root_(std::move(root)), options_(std::move(options)) {}

  /// Writes `root/folder/name` (`folder` may be empty), which gets its name when it is whole. What had that name is
  /// kept. True where the two are linked. Throws FileError where the source cannot be read, Error where nothing can be
  /// written.
  bool put(const std::string& folder, const std::string& name, FileSource& source);
  /// Writes a small file beside it in the same way, unless it is there with that text.
  void put_text(const std::string& folder, const std::string& name, std::string_view text);
  /// Takes a file away, to where replaced ones go; no harm where there is none.
  void set_aside(const std::string& folder, const std::string& name);
  /// Waits until the disk has all of it.
  void make_durable();

  const std::filesystem::path& root() const { return root_; }

 private:
  /// Where a file goes. The names have to live as long as it does.
  struct Place {
    Place(const std::filesystem::path& root, const std::string& in_folder, const std::string& file_name);
    const std::string& folder;
    const std::string& name;
    std::filesystem::path directory, file;
    std::filesystem::path part;  ///< what it is called before it is whole, where it must be called something
  };

  void make_folder(const std::filesystem::path& folder);
  bool link(const Place& place, const FileSource& source);
  int give_name(int descriptor, const Place& place, bool is_part);
  void keep_replaced(const Place& place);
  void note_root();
  void write_text(const Place& place, std::string_view text);

  std::filesystem::path root_;
  PutOptions options_;
  std::atomic<bool> clones_ = true;  ///< until the file system says that it cannot
  std::atomic<bool> links_ = true;
  std::atomic<bool> written_ = false;
  std::once_flag noted_;  ///< where the files were that are replaced
};

}  // namespace twoway::files
