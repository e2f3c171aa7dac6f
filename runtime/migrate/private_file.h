// A file that only its owner may read: written beside its place, and given its name when it is whole.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "runtime/model/sha256.h"

namespace twoway {

class PrivateFile {
 public:
  /// Makes the directory where it is missing. Throws Error(interrupted), here and below, where the disk refuses.
  explicit PrivateFile(std::filesystem::path file);
  /// What was not finished goes away.
  ~PrivateFile();
  PrivateFile(const PrivateFile&) = delete;
  PrivateFile& operator=(const PrivateFile&) = delete;

  void write(std::string_view text);
  /// Flushes it to the disk and renames it. Returns the SHA-256 of its bytes, hexadecimal.
  std::string finish();

 private:
  void flush();

  std::filesystem::path file_, beside_;
  int descriptor_ = -1;
  std::string buffer_;
  Sha256 sha256_;
};

/// A cell of a CSV file (RFC 4180): in quotes where it must be.
std::string csv_cell(std::string_view text);
/// The same for what people wrote: bytes that are no UTF-8 and control characters become U+FFFD, and a text that a
/// spreadsheet would take for a formula gets an apostrophe before it.
std::string csv_text(std::string_view text);

}  // namespace twoway
