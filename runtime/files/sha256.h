// SHA-256 of files.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "runtime/files/file_source.h"

namespace twoway::files {

/// Takes bytes piece by piece.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  void add(std::span<const char> bytes);
  /// 64 hexadecimal digits, of what was added since the last call; begins anew.
  std::string finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

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

/// How much of a file is read at a time.
inline constexpr std::size_t piece_bytes = 256 * 1024;

}  // namespace twoway::files
