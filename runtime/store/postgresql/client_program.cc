#include "runtime/store/postgresql/client_program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <sstream>

namespace twoway::postgresql {

namespace fs = std::filesystem;

namespace {

/// The major version that a directory is named after, or 0.
int version_of(const fs::path& directory) {
  const std::string name = directory.filename().string();
  int version = 0;
  std::from_chars(name.data(), name.data() + name.size(), version);
  return version;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

std::vector<std::string> environment_with(const std::vector<std::pair<std::string, std::string>>& additions) {
  std::vector<std::string> out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const bool replaced = std::any_of(additions.begin(), additions.end(), [&](const auto& addition) {
      return text.starts_with(addition.first + "=");
    });
    if (!replaced) out.emplace_back(text);
  }
  for (const auto& [name, value] : additions) out.push_back(name + "=" + value);
  return out;
}

std::string read_all(int descriptor) {
  std::string out;
  std::array<char, 4096> buffer;
  while (true) {
    const ssize_t count = read(descriptor, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return out;
    out.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace

std::optional<fs::path> find_client_program(std::string_view name) {
  std::vector<fs::path> versions, places;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", error)) versions.push_back(entry.path());
  std::sort(versions.begin(), versions.end(),
            [](const fs::path& a, const fs::path& b) { return version_of(a) > version_of(b); });
  for (const fs::path& version : versions) places.push_back(version / "bin");
  if (const char* path = std::getenv("PATH")) {
    std::istringstream directories(path);
    for (std::string directory; std::getline(directories, directory, ':');) places.emplace_back(directory);
  }
  for (const fs::path& place : places) {
    if (access((place / name).c_str(), X_OK) == 0) return place / name;
  }
  return std::nullopt;
}

ClientResult run_client_program(const fs::path& program, const std::vector<std::string>& arguments,
                                const std::vector<std::pair<std::string, std::string>>& environment) {
  ClientResult result;
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return result;
  std::vector<std::string> words{program.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> variables = environment_with(environment);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
  pid_t id = -1;
  const int failure = posix_spawn(&id, program.c_str(), &actions, nullptr, pointers(words).data(),
                                  pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (failure == 0) {
    result.errors = read_all(ends[0]);
    int status = 0;
    while (waitpid(id, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status)) result.status = WEXITSTATUS(status);
  }
  close(ends[0]);
  return result;
}

}  // namespace twoway::postgresql
