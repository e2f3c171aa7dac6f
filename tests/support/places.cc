#include "tests/support/places.h"

#include <cstdlib>
#include <stdexcept>

namespace twoway::test {

namespace fs = std::filesystem;

namespace {

bool is_source_tree(const fs::path& directory) { return fs::is_directory(directory / "tests/data/openwebui"); }

/// The nearest directory at or above `from` that is a source tree, or an empty path.
fs::path source_tree_above(fs::path from) {
  for (; !is_source_tree(from); from = from.parent_path()) {
    if (from == from.root_path() || from.empty()) return {};
  }
  return from;
}

}  // namespace

fs::path source_directory() {
  const fs::path this_file = __FILE__;
  for (const fs::path& start : {fs::current_path(), this_file.parent_path(), fs::read_symlink("/proc/self/exe")}) {
    if (!start.is_absolute()) continue;
    if (fs::path found = source_tree_above(start); !found.empty()) return found;
  }
  throw std::runtime_error("the source tree is neither here nor where this program was built");
}

fs::path program(std::string_view name) {
  const char* const elsewhere = std::getenv("TWOWAY_PROGRAMS");
  return (elsewhere != nullptr ? fs::path(elsewhere) : fs::read_symlink("/proc/self/exe").parent_path()) / name;
}

fs::path pocketbase_program() {
  const char* named = std::getenv("POCKETBASE");
  const fs::path path =
      named != nullptr && *named != '\0' ? fs::path(named) : source_directory() / ".cache/pocketbase/pocketbase";
  if (!fs::exists(path)) throw std::runtime_error("no PocketBase at " + path.string() + ": run ./dev setup");
  return path;
}

}  // namespace twoway::test
