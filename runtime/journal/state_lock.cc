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

/// The holder's number, filled up with NUL: what an earlier holder wrote is written over.
using ProcessText = std::array<char, 32>;

std::string process_in(int file) {
  ProcessText text{};
  if (pread(file, text.data(), text.size() - 1, 0) <= 0) return "unknown";
  return text.data();
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
    throw held(process, directory);
  }
  // The number is for people only; the lock itself is the kernel's.
  ProcessText text{};
  fmt::format_to(text.data(), "{}", getpid());
  static_cast<void>(pwrite(file_, text.data(), text.size(), 0));
}

StateLock::~StateLock() { close(file_); }

}  // namespace twoway
