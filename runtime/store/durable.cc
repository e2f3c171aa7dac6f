#include "runtime/store/durable.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "runtime/model/error.h"

namespace twoway {

namespace {

/// Returns an errno, 0 where all went well.
int flush(const char* path, int flags) {
  const int descriptor = open(path, O_RDONLY | O_CLOEXEC | flags);
  if (descriptor < 0) return errno;
  const int error = fsync(descriptor) == 0 ? 0 : errno;
  close(descriptor);
  return error;
}

}  // namespace

void make_durable(const std::filesystem::path& file) {
  const int error = flush(file.c_str(), 0);
  if (error == 0) return;
  throw cannot_start(fmt::format("cannot write {} to the disk: {}", file.string(), std::strerror(error)),
                     "Check the disk, or name another directory.");
}

void make_names_durable(const std::filesystem::path& directory) {
  flush(directory.empty() ? "." : directory.c_str(), O_DIRECTORY);
}

}  // namespace twoway
