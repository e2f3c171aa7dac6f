#include "runtime/files/file_writer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <cerrno>
#include <cstring>

#include "runtime/model/error.h"

namespace twoway::files {

namespace fs = std::filesystem;

namespace {

/// A file so large is given to the disk at once, while others are read: less is left for make_durable() to wait for.
constexpr std::uint64_t early_bytes = 256 * 1024;
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
  void set(int descriptor) { descriptor_ = descriptor; }

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

void copy(int descriptor, FileSource& source, const fs::path& file) {
  const std::span<char> buffer = piece_buffer();
  source.rewind();
  for (std::size_t got; (got = source.read(buffer)) > 0;) write_all(descriptor, buffer.first(got), file);
  if (source.size() >= early_bytes) sync_file_range(descriptor, 0, 0, SYNC_FILE_RANGE_WRITE);
}

/// Gives an open file a name that is not taken. An errno, 0 where all went well.
int link_open_file(int descriptor, const fs::path& file) {
  const std::string open_file = fmt::format("/proc/self/fd/{}", descriptor);
  return linkat(AT_FDCWD, open_file.c_str(), AT_FDCWD, file.c_str(), AT_SYMLINK_FOLLOW) == 0 ? 0 : errno;
}

/// True where an ordinary file has this text, and nothing else.
bool holds(const fs::path& file, std::string_view text) {
  try {
    const auto source = open_local(file);
    if (!source || source->size() != text.size()) return false;
    const std::span<char> buffer = piece_buffer();
    std::size_t at = 0;
    for (std::size_t got; (got = source->read(buffer)) > 0; at += got) {
      if (text.substr(at, got) != std::string_view(buffer.data(), got)) return false;
    }
    return at == text.size();
  } catch (const FileError&) {
    return false;  // it is replaced
  }
}

bool is_taken(const fs::path& file) {
  struct stat status{};
  return lstat(file.c_str(), &status) == 0;
}

/// A new file that does not have its name yet. Where the file system can do that it has none at all, and is gone with
/// whoever is killed; elsewhere it is `part`.
class Draft {
 public:
  explicit Draft(const fs::path& part)
      : part_(part), out_(open(part.parent_path().c_str(), O_WRONLY | O_TMPFILE | O_CLOEXEC, file_mode)) {
    if (out_.get() >= 0) return;
    if (errno != EOPNOTSUPP && errno != EISDIR) fail(part.parent_path(), errno);
    out_.set(make_new(part));
    is_part_ = true;
  }
  ~Draft() {
    if (is_part_) unlink(part_.c_str());
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  int descriptor() const { return out_.get(); }
  bool is_part() const { return is_part_; }

 private:
  const fs::path& part_;
  Descriptor out_;
  bool is_part_ = false;
};

}  // namespace

FileWriter::Place::Place(const fs::path& root, const std::string& in_folder, const std::string& file_name)
    : folder(in_folder), name(file_name), directory(folder.empty() ? root : root / folder), file(directory / name) {
  part = directory / fmt::format(".{:016x}.twoway-part", XXH3_64bits(name.data(), name.size()));
}

void FileWriter::make_folder(const fs::path& folder) {
  if (mkdir(folder.c_str(), 0777) == 0 || errno == EEXIST) return;
  if (errno != ENOENT) fail(folder, errno);
  make_folder(folder.parent_path());
  if (mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST) fail(folder, errno);
}

/// Lets the name lead to this open file; what had the name is kept, and it leads to one of the two at every moment. An
/// errno, 0 where all went well.
int FileWriter::give_name(int descriptor, const Place& place, bool is_part) {
  if (!is_part) {
    const int error = link_open_file(descriptor, place.file);
    if (error != EEXIST) return error;
    unlink(place.part.c_str());  // a killed run's
    if (const int part_error = link_open_file(descriptor, place.part); part_error != 0) return part_error;
  }
  keep_replaced(place);
  if (rename(place.part.c_str(), place.file.c_str()) == 0) return 0;
  const int error = errno;
  unlink(place.part.c_str());
  return error;
}

bool FileWriter::link(const Place& place, const FileSource& source) {
  if (!options_.link || source.descriptor() < 0) return false;
  if (clones_) {
    const Draft draft(place.part);
    if (ioctl(draft.descriptor(), FICLONE, source.descriptor()) == 0) {
      return give_name(draft.descriptor(), place, draft.is_part()) == 0;
    }
    clones_ = false;
  }
  if (!links_) return false;
  const int error = give_name(source.descriptor(), place, false);
  if (error != 0 && error != EMLINK) links_ = false;  // one file has as many links as it can have; others have not
  return error == 0;
}

bool FileWriter::put(const std::string& folder, const std::string& name, FileSource& source) {
  const Place place(root_, folder, name);
  make_folder(place.directory);
  written_ = true;
  if (link(place, source)) return true;
  const Draft draft(place.part);
  copy(draft.descriptor(), source, place.file);
  const int error = give_name(draft.descriptor(), place, draft.is_part());
  if (error == ENAMETOOLONG) throw FileError("has a name that is too long for this file system");
  if (error != 0) fail(place.file, error);
  return false;
}

void FileWriter::put_text(const std::string& folder, const std::string& name, std::string_view text) {
  const Place place(root_, folder, name);
  make_folder(place.directory);
  if (holds(place.file, text)) return;
  written_ = true;
  write_text(place, text);
}

void FileWriter::write_text(const Place& place, std::string_view text) {
  const Draft draft(place.part);
  write_all(draft.descriptor(), text, place.file);
  const int error = give_name(draft.descriptor(), place, draft.is_part());
  if (error != 0) fail(place.file, error);
}

void FileWriter::note_root() {
  const std::string no_folder, name(root_name);
  const Place place(options_.replaced, no_folder, name);
  make_folder(place.directory);
  if (is_taken(place.file)) return;  // by the same run, before it was interrupted
  write_text(place, fs::absolute(root_).lexically_normal().native());
}

/// Gives the file that has the name another one in the folder of replaced files, or copies it there.
void FileWriter::keep_replaced(const Place& place) {
  if (options_.replaced.empty() || !is_taken(place.file)) return;
  std::call_once(noted_, [this] { note_root(); });
  const Place kept(options_.replaced / files_name, place.folder, place.name);
  make_folder(kept.directory);
  if (::link(place.file.c_str(), kept.file.c_str()) == 0 || errno == ENOENT || errno == EEXIST) return;
  if (const auto source = open_local(place.file)) {
    const Draft draft(kept.part);
    copy(draft.descriptor(), *source, kept.file);
    const int error = give_name(draft.descriptor(), kept, draft.is_part());
    if (error != 0) fail(kept.file, error);
  }
}

void FileWriter::set_aside(const std::string& folder, const std::string& name) {
  const Place place(root_, folder, name);
  keep_replaced(place);
  if (unlink(place.file.c_str()) != 0 && errno != ENOENT) fail(place.file, errno);
}

void FileWriter::make_durable() {
  if (!written_) return;
  written_ = false;
  // One for many files: what a power cut leaves half written has the wrong hash, and is written again by the next run.
  const Descriptor directory(open(root_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0 || syncfs(directory.get()) != 0) fail(root_, errno);
}

}  // namespace twoway::files
