#include "tests/support/temporary_directory.h"

#include <stdlib.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <system_error>

namespace twoway::test {

TemporaryDirectory::TemporaryDirectory(std::string_view name) {
  std::string pattern = (std::filesystem::temp_directory_path() / "twoway-").string();
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
