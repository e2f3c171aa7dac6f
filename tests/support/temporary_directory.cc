#include "tests/support/temporary_directory.h"

#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <system_error>

namespace twoway::test {

std::filesystem::path memory_directory() {
  const char* const memory = "/dev/shm";
  return access(memory, W_OK | X_OK) == 0 ? memory : "";
}

TemporaryDirectory::TemporaryDirectory(std::string_view name, Place place) {
  std::filesystem::path parent = place == Place::memory ? memory_directory() : std::filesystem::path();
  if (parent.empty()) parent = std::filesystem::temp_directory_path();
  std::string pattern = (parent / "twoway-").string();
  pattern.append(name).append("-XXXXXX");
  if (mkdtemp(pattern.data()) == nullptr) throw std::system_error(errno, std::generic_category(), "mkdtemp " + pattern);
  path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
  if (std::getenv("TWOWAY_KEEP") != nullptr) {
    std::fprintf(stderr, "kept: %s\n", path_.c_str());
    return;
  }
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace twoway::test
