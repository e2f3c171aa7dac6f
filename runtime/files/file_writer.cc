#include "runtime/files/file_writer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "runtime/files/hashed_source.h"
#include "runtime/model/error.h"

namespace twoway::files {

namespace fs = std::filesystem;

namespace {

/// The name of a file that is not complete. What a killed run leaves under it is overwritten by the next one.
constexpr std::string_view part_name = ".twoway-part";
constexpr mode_t file_mode = 0666;  // less the umask

[[noreturn]] void fail(const fs::path& file, int error) {
  throw cannot_start(fmt::format("cannot write {}: {}", file.string(), std::strerror(error)),
                     "Mend it (room, permissions), and run the same command again: it goes on.");
}

class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  ~Descriptor() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

int make_new(const fs::path& file) {
  unlink(file.c_str());
  const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, file_mode);
  if (descriptor < 0) fail(file, errno);
  return descriptor;
}

void write_all(int descriptor, std::span<const char> bytes, const fs::path& file) {
  while (!bytes.empty()) {
    const ssize_t wrote = write(descriptor, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) fail(file, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(wrote));
  }
}

void copy(const fs::path& part, FileSource& source) {
  const Descriptor out(make_new(part));
  static thread_local std::vector<char> buffer(piece_bytes);
  source.rewind();
  try {
    for (std::size_t got; (got = source.read(buffer)) > 0;) {
      write_all(out.get(), std::span(buffer).first(got), part);
    }
  } catch (...) {
    unlink(part.c_str());
    throw;
  }
}

bool is_taken(const fs::path& file) {
  struct stat status{};
  return lstat(file.c_str(), &status) == 0;
}

}  // namespace

void FileWriter::make_folder(const fs::path& folder) {
  if (mkdir(folder.c_str(), 0777) == 0 || errno == EEXIST) return;
  if (errno != ENOENT) fail(folder, errno);
  make_folder(folder.parent_path());
  if (mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST) fail(folder, errno);
}

bool FileWriter::link(const fs::path& part, FileSource& source) {
  if (!options_.link || source.descriptor() < 0) return false;
  if (clones_) {
    const Descriptor out(make_new(part));
    if (ioctl(out.get(), FICLONE, source.descriptor()) == 0) return true;
    clones_ = false;
    unlink(part.c_str());
  }
  if (!links_) return false;
  unlink(part.c_str());
  const std::string open_file = fmt::format("/proc/self/fd/{}", source.descriptor());
  if (linkat(AT_FDCWD, open_file.c_str(), AT_FDCWD, part.c_str(), AT_SYMLINK_FOLLOW) == 0) return true;
  if (errno != EMLINK) links_ = false;  // one file has as many links as it can have; others have not
  return false;
}

bool FileWriter::put(const std::string& folder, const std::string& name, FileSource& source) {
  const fs::path directory = folder.empty() ? root_ : root_ / folder;
  make_folder(directory);
  const fs::path part = directory / part_name, file = directory / name;
  written_ = true;
  const bool linked = link(part, source);
  if (!linked) copy(part, source);
  if (is_taken(file)) set_aside(folder, name);
  if (rename(part.c_str(), file.c_str()) != 0) {
    const int error = errno;
    unlink(part.c_str());
    if (error == ENAMETOOLONG) throw FileError("has a name that is too long for this file system");
    fail(file, error);
  }
  return linked;
}

void FileWriter::put_text(const std::string& folder, const std::string& name, const std::string& text) {
  const fs::path directory = folder.empty() ? root_ : root_ / folder;
  make_folder(directory);
  const fs::path file = directory / name;
  written_ = true;
  const Descriptor out(make_new(file));
  write_all(out.get(), text, file);
}

void FileWriter::set_aside(const std::string& folder, const std::string& name) {
  const fs::path file = root_ / folder / name;
  if (options_.replaced.empty()) {
    unlink(file.c_str());
    return;
  }
  const fs::path directory = options_.replaced / folder;
  make_folder(directory);
  const fs::path kept = directory / name;
  if (rename(file.c_str(), kept.c_str()) == 0 || errno == ENOENT) return;
  if (errno != EXDEV) fail(kept, errno);
  const auto source = open_local(file);
  if (!source) return;
  copy(kept, *source);
  unlink(file.c_str());
}

void FileWriter::make_durable() {
  if (!written_) return;
  written_ = false;
  // One for many files: what a power cut leaves half written has the wrong hash, and is written again by the next run.
  const Descriptor directory(open(root_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0 || syncfs(directory.get()) != 0) fail(root_, errno);
}

}  // namespace twoway::files
