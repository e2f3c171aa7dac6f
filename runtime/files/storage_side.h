// PocketBase's files in a data directory: `storage/COLLECTION/RECORD/NAME`, with their attributes beside them.
#pragma once

#include <utility>
#include <vector>

#include "runtime/files/file_writer.h"

namespace twoway::files {

/// The field of the records that names their files. Empty functions: nobody asks.
struct StoredNames {
  /// See FileSide::stored.
  std::function<std::optional<std::string>(std::string_view record)> get;
  /// Sets it for these records, in one transaction.
  std::function<void(const std::vector<std::pair<std::string, std::string>>& names)> set;
};

class StorageSide : public FileSide {
 public:
  /// `directory` is `pb_data/storage/COLLECTION`.
  StorageSide(std::filesystem::path directory, StoredNames names, PutOptions options)
      : writer_(std::move(directory), std::move(options)), names_(std::move(names)) {}

  std::string describe() const override { return writer_.root().string(); }
  /// The file that the field names; where it names none, the one that a killed run has put.
  std::unique_ptr<FileSource> open(const FileItem& item) override;
  std::optional<std::string> stored(std::string_view record) override { return names_.get(record); }
  Placed put(const FileItem& item, FileSource& source) override;
  bool takes_threads() const override { return true; }
  void name(const FileItem& item, const std::string& stored) override;
  void finish_batch() override;
  void list(const std::function<void(std::string_view name)>& take) override;
  std::filesystem::path place() const override { return writer_.root(); }

 private:
  FileWriter writer_;
  StoredNames names_;
  std::vector<std::pair<std::string, std::string>> named_;  ///< since the batch began
  std::vector<std::pair<std::string, std::string>> left_;   ///< files that no field will name when it ends
};

}  // namespace twoway::files
