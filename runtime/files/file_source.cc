#include "runtime/files/file_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

namespace twoway::files {

namespace {

class LocalFile : public FileSource {
 public:
  LocalFile(int descriptor, std::uint64_t size) : descriptor_(descriptor), size_(size) {}
  ~LocalFile() override { close(descriptor_); }
  LocalFile(const LocalFile&) = delete;
  LocalFile& operator=(const LocalFile&) = delete;

  std::uint64_t size() const override { return size_; }
  void rewind() override { lseek(descriptor_, 0, SEEK_SET); }
  std::size_t read(std::span<char> buffer) override {
    for (;;) {
      const ssize_t got = ::read(descriptor_, buffer.data(), buffer.size());
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) throw FileError(fmt::format("cannot be read: {}", std::strerror(errno)));
    }
  }
  int descriptor() const override { return descriptor_; }

 private:
  int descriptor_;
  std::uint64_t size_;
};

}  // namespace

std::span<char> piece_buffer() {
  constexpr std::size_t piece_bytes = 256 * 1024;
  static thread_local std::vector<char> buffer(piece_bytes);
  return buffer;
}

std::unique_ptr<FileSource> open_local(const std::filesystem::path& file) {
  // O_NONBLOCK: opening a named pipe would wait for somebody to write to it.
  const int descriptor = open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) {
    if (errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG) return nullptr;
    throw FileError(errno == ELOOP ? std::string("is a symbolic link")
                                   : fmt::format("cannot be read: {}", std::strerror(errno)));
  }
  struct stat status{};
  if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    close(descriptor);
    throw FileError("is no ordinary file");
  }
  posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
  return std::make_unique<LocalFile>(descriptor, static_cast<std::uint64_t>(status.st_size));
}

}  // namespace twoway::files
