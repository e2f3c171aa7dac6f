// Files whose hashes are taken while they are read.
#pragma once

#include <span>
#include <string>

#include "runtime/files/file_source.h"
#include "runtime/model/sha256.h"

namespace twoway::files {

/// Reads a file from its beginning. Throws FileError.
std::string sha256_of(FileSource& source);

/// The same file, and takes a hash of what is read of it on the way.
class HashedSource : public FileSource {
 public:
  explicit HashedSource(FileSource& source) : source_(source) {}
  std::uint64_t size() const override { return source_.size(); }
  void rewind() override;
  std::size_t read(std::span<char> buffer) override;
  int descriptor() const override { return source_.descriptor(); }
  /// Of the whole file; what nobody has read is read.
  std::string sha256();
  /// Bytes that were read since the beginning.
  std::uint64_t bytes() const { return bytes_; }

 private:
  FileSource& source_;
  Sha256 hash_;
  std::uint64_t bytes_ = 0;
};

}  // namespace twoway::files
