#include "runtime/journal/state_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <string>

#include "runtime/model/error.h"

namespace twoway {

StateLock::StateLock(const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  const std::string file = (directory / "lock").string();
  file_ = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file_ < 0) {
    throw cannot_start(fmt::format("cannot write to the state directory {}", directory.string()),
                       "Name a directory that can be written to with --state.");
  }
  if (flock(file_, LOCK_EX | LOCK_NB) != 0) {
    std::array<char, 32> text{};
    const ssize_t size = pread(file_, text.data(), text.size() - 1, 0);
    close(file_);
    file_ = -1;
    const std::string process(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    throw cannot_start(fmt::format("another twoway (process {}) works with {}",
                                   process.empty() ? std::string("unknown") : process, directory.string()),
                       "Wait for it, or stop it and run the same command again.");
  }
  const std::string process = std::to_string(getpid());
  // The number is for people only; the lock itself is the kernel's.
  if (ftruncate(file_, 0) == 0) static_cast<void>(pwrite(file_, process.data(), process.size(), 0));
}

StateLock::~StateLock() {
  if (file_ >= 0) close(file_);
}

}  // namespace twoway
