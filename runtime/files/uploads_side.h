// The SQL side's files: one directory, in which an application keeps what was uploaded to it.
#pragma once

#include "runtime/files/file_writer.h"

namespace twoway::files {

class UploadsSide : public FileSide {
 public:
  UploadsSide(std::filesystem::path directory, PutOptions options)
      : writer_(std::move(directory), std::move(options)) {}

  std::string describe() const override { return writer_.root().string(); }
  std::unique_ptr<FileSource> open(const FileItem& item) override;
  Placed put(const FileItem& item, FileSource& source) override;
  bool takes_threads() const override { return true; }
  void finish_batch() override { writer_.make_durable(); }
  void list(const std::function<void(std::string_view name)>& take) override;
  std::filesystem::path place() const override { return writer_.root(); }

 private:
  FileWriter writer_;
};

}  // namespace twoway::files
