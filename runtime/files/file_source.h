// The bytes of one file, wherever it lies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>

namespace twoway::files {

/// Why one file cannot be read or taken, for people: the end of a sentence that begins with its name. Others may go.
class FileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// To be read from its beginning to its end, as often as it is rewound.
class FileSource {
 public:
  virtual ~FileSource() = default;
  /// Bytes, as it was opened.
  virtual std::uint64_t size() const = 0;
  virtual void rewind() = 0;
  /// Fills the beginning of `buffer`; 0 at the end. Throws FileError.
  virtual std::size_t read(std::span<char> buffer) = 0;
  /// Of a file on this machine, -1 elsewhere. It stays the source's own.
  virtual int descriptor() const { return -1; }
};

/// Room for a piece of a file, which each thread has once.
std::span<char> piece_buffer();

/// Opens an ordinary file; null where there is none. Symbolic links are not followed: they may lead anywhere. Throws
/// FileError.
std::unique_ptr<FileSource> open_local(const std::filesystem::path& file);

}  // namespace twoway::files
