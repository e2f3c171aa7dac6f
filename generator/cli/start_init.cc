#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "generator/cli/commands.h"

namespace twowayc {

int start_init(const std::string& store, const std::string& out) {
  std::error_code error;
  const std::filesystem::path own = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::string program = own.parent_path() / "twowayc-init";
  execl(program.c_str(), program.c_str(), store.c_str(), out.c_str(), static_cast<char*>(nullptr));
  fmt::print(stderr, "twowayc: cannot start {}: {}\n", program, std::strerror(errno));
  fmt::print(stderr, "hint: it belongs beside twowayc: build or install it too\n");
  return wrong;
}

}  // namespace twowayc
