#include "runtime/files/hashed_source.h"

namespace twoway::files {

void HashedSource::rewind() {
  source_.rewind();
  hash_.finish();
  bytes_ = 0;
}

std::size_t HashedSource::read(std::span<char> buffer) {
  const std::size_t got = source_.read(buffer);
  hash_.add({buffer.data(), got});
  bytes_ += got;
  return got;
}

std::string HashedSource::sha256() {
  while (read(piece_buffer()) > 0) {
  }
  return hexadecimal(hash_.finish());
}

std::string sha256_of(FileSource& source) {
  HashedSource hashed(source);
  hashed.rewind();
  return hashed.sha256();
}

}  // namespace twoway::files
