#include "tests/end_to_end/openwebui_reader.h"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "tests/support/places.h"

namespace twoway::test {

namespace fs = std::filesystem;

namespace {

/// The interpreter of the environment that tests/openwebui/prepare.sh makes; `./dev test` names it.
std::string python() {
  const char* named = std::getenv("TWOWAY_OPENWEBUI_PYTHON");
  const std::string found = named != nullptr ? named : (source_directory() / ".cache/openwebui/bin/python").string();
  if (!fs::exists(found)) {
    throw std::runtime_error("there is no Open WebUI at " + found +
                             ": run tests/openwebui/prepare.sh .cache/openwebui");
  }
  return found;
}

}  // namespace

ProcessResult read_with_openwebui(const fs::path& database, const std::vector<std::string>& arguments) {
  std::vector<std::string> command{python(), (source_directory() / "tests/openwebui/read_database.py").string(),
                                   database.string()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run(command);
}

int unreadable(const ProcessResult& result) {
  const std::size_t line = result.output.rfind(" read, ");
  int failed = -1;
  if (line == std::string::npos || std::sscanf(result.output.c_str() + line, " read, %d failed", &failed) != 1) {
    throw std::runtime_error("Open WebUI's reader did not finish: " + result.describe());
  }
  return failed;
}

}  // namespace twoway::test
