#include "runtime/journal/state_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <string>

#include "runtime/model/error.h"

namespace twoway {

namespace {

std::string process_in(int file) {
  std::array<char, 32> text{};
  const ssize_t size = pread(file, text.data(), text.size() - 1, 0);
  return size > 0 ? std::string(text.data(), static_cast<std::size_t>(size)) : std::string("unknown");
}

}  // namespace

std::optional<std::string> StateLock::holder(const std::filesystem::path& directory) {
  const int file = open((directory / "lock").c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  std::optional<std::string> process;
  if (flock(file, LOCK_SH | LOCK_NB) != 0) process = process_in(file);
  close(file);
  return process;
}

namespace {

Error held(const std::string& process, const std::filesystem::path& directory) {
  return cannot_start(fmt::format("another twoway (process {}) works with {}", process, directory.string()),
                      "Wait for it, or stop it and run the same command again.");
}

}  // namespace

void StateLock::refuse_held(const std::filesystem::path& directory) {
  if (const auto process = holder(directory)) throw held(*process, directory);
}

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
    const std::string process = process_in(file_);
    close(file_);
    file_ = -1;
    throw held(process, directory);
  }
  const std::string process = std::to_string(getpid());
  // The number is for people only; the lock itself is the kernel's.
  if (ftruncate(file_, 0) == 0) static_cast<void>(pwrite(file_, process.data(), process.size(), 0));
}

StateLock::~StateLock() {
  if (file_ >= 0) close(file_);
}

}  // namespace twoway
