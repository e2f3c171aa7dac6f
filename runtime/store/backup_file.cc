#include "runtime/store/backup_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "runtime/model/error.h"
#include "runtime/store/durable.h"
#include "runtime/store/names_in.h"

namespace twoway {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view unfinished_ending = ".unfinished";
constexpr std::string_view journal_ending = ".unfinished-journal";
constexpr mode_t owner_only = 0600;

[[noreturn]] void fail(const fs::path& file, int error) {
  throw cannot_start(fmt::format("cannot make the backup {}: {}", file.string(), std::strerror(error)),
                     "Name a directory that can be written to with --state, or say --no-backup.");
}

}  // namespace

BackupFile::BackupFile(const fs::path& directory, std::string_view stamp, std::string_view name) {
  std::error_code error;
  fs::create_directories(directory, error);
  for (int number = 1;; ++number) {
    const std::string again = number == 1 ? std::string() : fmt::format("-{}", number);
    unfinished_ = directory / fmt::format("{}{}-{}", stamp, again, name);
    if (fs::exists(unfinished_, error)) continue;
    unfinished_ += unfinished_ending;
    const int descriptor = open(unfinished_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, owner_only);
    if (descriptor >= 0) {
      close(descriptor);
      return;
    }
    if (errno != EEXIST) fail(unfinished_, errno);
  }
}

BackupFile::~BackupFile() {
  std::error_code stays;
  if (!finished_) fs::remove(unfinished_, stays);
}

fs::path BackupFile::finish() {
  const fs::path file = fs::path(unfinished_).replace_extension();
  make_durable(unfinished_);
  fs::rename(unfinished_, file);
  finished_ = true;
  make_names_durable(file.parent_path());
  return file;
}

void remove_unfinished(const fs::path& directory) {
  for (const std::string& name : names_in(directory).value_or(std::vector<std::string>())) {
    const bool unfinished = name.ends_with(unfinished_ending) || name.ends_with(journal_ending);
    if (unfinished) unlink((directory / name).c_str());
  }
}

}  // namespace twoway
