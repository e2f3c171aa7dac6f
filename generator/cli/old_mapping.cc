#include "generator/cli/old_mapping.h"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "generator/source/load.h"

extern char** environ;

namespace twowayc {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view git_prefix = "git:";

/// Runs a program and waits for it. What it has to say about a failure goes to stderr.
void run(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  pid_t process = 0;
  const int error = ::posix_spawnp(&process, arguments[0], nullptr, nullptr, arguments.data(), environ);
  if (error != 0) throw std::runtime_error(fmt::format("{}: {}", command[0], std::strerror(error)));
  int status = 0;
  while (::waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), command[0]);
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw std::runtime_error(command[0] + " failed");
}

fs::path make_scratch() {
  std::string name = (fs::temp_directory_path() / "twowayc-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category(), name);
  return name;
}

}  // namespace

OldMapping::OldMapping(const fs::path& mapping, const std::string& against) : directory_(against) {
  if (!against.starts_with(git_prefix)) return;
  const std::string revision = against.substr(git_prefix.size());
  if (revision.empty() || revision.starts_with('-')) throw std::runtime_error("git: needs a revision: git:main");
  scratch_ = make_scratch();
  directory_ = scratch_ / folder_name(mapping);
  try {
    const std::string archive = (scratch_ / "mapping.tar").string();
    fs::create_directory(directory_);
    run({"git", "-C", mapping.string(), "archive", "--format=tar", "--output=" + archive, revision, "--", "."});
    run({"tar", "-xf", archive, "-C", directory_.string()});
  } catch (const std::exception&) {
    fs::remove_all(scratch_);
    throw;
  }
}

OldMapping::~OldMapping() {
  std::error_code ignored;
  if (!scratch_.empty()) fs::remove_all(scratch_, ignored);
}

}  // namespace twowayc
