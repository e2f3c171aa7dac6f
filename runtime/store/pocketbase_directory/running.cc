#include "runtime/store/pocketbase_directory/running.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "runtime/model/error.h"
#include "runtime/store/names_in.h"
#include "runtime/store/processes.h"

namespace twoway {

namespace fs = std::filesystem;

namespace {

bool watches(const fs::path& fdinfo, const std::string& inode) {
  for (const std::string& name : names_in(fdinfo).value_or(std::vector<std::string>())) {
    std::ifstream in(fdinfo / name);
    for (std::string line; std::getline(in, line);) {
      if (line.rfind("inotify ", 0) == 0 && line.find(inode) != std::string::npos) return true;
    }
  }
  return false;
}

}  // namespace

std::optional<std::string> running_pocketbase(const fs::path& directory) {
  struct stat status {};
  if (stat((directory / ".notify").c_str(), &status) != 0) return std::nullopt;
  const std::string inode = fmt::format(" ino:{:x} ", status.st_ino);
  for (const int process : all_processes()) {
    if (watches(fs::path("/proc") / std::to_string(process) / "fdinfo", inode)) return process_name(process);
  }
  return std::nullopt;
}

void refuse_running_pocketbase(const fs::path& directory) {
  // The `pocketbase migrate` of a run that was killed goes with it, but it may take a moment.
  constexpr int most_looks = 8;
  constexpr std::chrono::milliseconds between_looks{200};
  for (int look = 1;; ++look) {
    const auto running = running_pocketbase(directory);
    if (!running) return;
    if (look == most_looks) {
      throw cannot_start(fmt::format("{} is in use by {}", directory.string(), *running), "Stop it and try again.");
    }
    std::this_thread::sleep_for(between_looks);
  }
}

}  // namespace twoway
