// One side's files: where they are read from, or put.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/files/file_source.h"

namespace twoway::files {

/// One file by the names that it has on both sides.
struct FileItem {
  std::string record;        ///< the record's id in PocketBase
  std::string uploads_name;  ///< its name in the directory that belongs to the SQL side
  std::string stored;        ///< what PocketBase's field holds; empty: it holds no file
  std::string storage_name;  ///< the name that it gets in PocketBase where it has none
  std::string content_type;  ///< as the row says; may be empty
};

/// What became of a file that was put.
struct Placed {
  bool linked = false;      ///< both sides share the bytes: a hard link, or a clone where the file system can do that
  std::string stored = {};  ///< what PocketBase's field will hold; empty on a side that has none
};

/// How files are put.
struct PutOptions {
  bool link = false;
  /// Where files go that are replaced by others of the same name (see replaced_files.h); empty: they are removed.
  std::filesystem::path replaced;
};

class FileSide {
 public:
  virtual ~FileSide() = default;
  /// For people: a directory or a URL.
  virtual std::string describe() const = 0;
  /// Null where there is no such file. Throws FileError.
  virtual std::unique_ptr<FileSource> open(const FileItem& item) = 0;

  /// What PocketBase's field holds now; nullopt where there is no such record. Empty on a side without records.
  virtual std::optional<std::string> stored(std::string_view /*record*/) { return std::string(); }
  /// Takes the file, in one step: nobody sees half of it, and whoever is killed leaves the old one or the new one.
  /// Throws FileError where this file cannot be taken, Error where none can.
  virtual Placed put(const FileItem& item, FileSource& source) = 0;
  /// True where open() and put() may be called by several threads at once, for different files.
  virtual bool takes_threads() const { return false; }
  /// After put(), or where the file was there already: PocketBase's field is to name it so.
  virtual void name(const FileItem& /*item*/, const std::string& /*stored*/) {}
  /// Waits until the disk has what was put, then lets PocketBase's fields name it.
  virtual void finish_batch() {}
  /// The names of all files, in no order; nothing where they cannot be listed. `take` gets a name in the uploads
  /// directory, or `record/name`.
  virtual void list(const std::function<void(std::string_view name)>& /*take*/) {}
  /// The directory that files go to, for its room; empty where it is on another machine.
  virtual std::filesystem::path place() const { return {}; }
};

}  // namespace twoway::files
