// Puts files into directories of one file system.
#pragma once

#include <filesystem>
#include <string>

#include "runtime/files/file_side.h"

namespace twoway::files {

class FileWriter {
 public:
  /// `root` is made when the first file is put.
  FileWriter(std::filesystem::path root, PutOptions options) : root_(std::move(root)), options_(std::move(options)) {}

  /// Writes `root/folder/name` (`folder` may be empty) under another name first. What stands there under that name is
  /// set aside. True where the two are linked. Throws FileError where the source cannot be read, Error where nothing
  /// can be written.
  bool put(const std::string& folder, const std::string& name, FileSource& source);
  /// Writes a small file beside it.
  void put_text(const std::string& folder, const std::string& name, const std::string& text);
  /// Moves a file away, to where replaced ones go; no harm where there is none.
  void set_aside(const std::string& folder, const std::string& name);
  /// Waits until the disk has all of it.
  void make_durable();

  const std::filesystem::path& root() const { return root_; }

 private:
  void make_folder(const std::filesystem::path& folder);
  bool link(const std::filesystem::path& part, FileSource& source);

  std::filesystem::path root_;
  PutOptions options_;
  bool clones_ = true;  ///< until the file system says that it cannot
  bool links_ = true;
  bool written_ = false;
};

}  // namespace twoway::files
