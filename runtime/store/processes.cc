#include "runtime/store/processes.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "runtime/store/names_in.h"

namespace twoway {

namespace fs = std::filesystem;

namespace {

/// Device and inode.
using FileId = std::pair<dev_t, ino_t>;

fs::path folder_of(int process) { return fs::path("/proc") / std::to_string(process); }

std::vector<std::string> arguments_of(int process) {
  std::ifstream in(folder_of(process) / "cmdline", std::ios::binary);
  std::vector<std::string> arguments;
  for (std::string argument; arguments.size() < 3 && std::getline(in, argument, '\0');) arguments.push_back(argument);
  return arguments;
}

/// Whether a descriptor was opened for writing, by its `flags:` in octal.
bool for_writing(const fs::path& fdinfo) {
  std::ifstream in(fdinfo);
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("flags:", 0) != 0) continue;
    const auto flags = std::strtol(line.c_str() + line.find_first_of("01234567"), nullptr, 8);
    return (flags & O_ACCMODE) != O_RDONLY;
  }
  return true;
}

/// Adds what a process has open of `files`. False where it may not be looked at.
bool add_open_files(int process, const std::set<FileId>& files, std::map<int, bool>& users) {
  const fs::path folder = folder_of(process);
  const auto descriptors = names_in(folder / "fd");
  if (!descriptors) return false;
  for (const std::string& descriptor : *descriptors) {
    struct stat status{};
    if (stat((folder / "fd" / descriptor).c_str(), &status) != 0) continue;
    if (!files.contains({status.st_dev, status.st_ino})) continue;
    const bool writes = for_writing(folder / "fdinfo" / descriptor);
    bool& known = users.try_emplace(process, false).first->second;
    known = known || writes;
  }
  return true;
}

/// Adds the holders of locks on `files` among `processes`: `1: POSIX ADVISORY READ 1234 08:01:131 128 128`.
void add_lock_holders(const std::set<int>& processes, const std::set<FileId>& files, std::map<int, bool>& users) {
  std::ifstream in("/proc/locks");
  for (std::string line; std::getline(in, line);) {
    unsigned major_number = 0, minor_number = 0;
    unsigned long inode = 0;
    int process = 0;
    const std::size_t kind = std::min(line.find("READ"), line.find("WRITE"));
    if (kind == std::string::npos) continue;
    if (std::sscanf(line.c_str() + kind, "%*s %d %x:%x:%lu", &process, &major_number, &minor_number, &inode) != 4) {
      continue;
    }
    if (processes.contains(process) && files.contains({makedev(major_number, minor_number), inode})) {
      users[process] = true;
    }
  }
}

}  // namespace

std::vector<int> all_processes() {
  std::vector<int> processes;
  for (const std::string& name : names_in("/proc").value_or(std::vector<std::string>())) {
    int number = 0;
    const auto [end, failure] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (failure == std::errc() && end == name.data() + name.size()) processes.push_back(number);
  }
  return processes;
}

std::string process_name(int process) {
  const std::vector<std::string> arguments = arguments_of(process);
  std::string name;
  std::ifstream in(folder_of(process) / "comm");
  std::getline(in, name);
  if (name.empty()) name = "a program";
  // The kernel keeps fifteen letters of it.
  const std::string program = arguments.empty() ? std::string() : fs::path(arguments[0]).filename().string();
  if (name.size() == 15 && program.starts_with(name)) name = program;
  constexpr std::string_view interpreters[] = {"python", "node", "ruby", "perl", "java", "bash", "sh", "deno", "bun"};
  const auto is_of = [&](std::string_view interpreter) { return program.starts_with(interpreter); };
  if (arguments.size() > 1 && std::any_of(std::begin(interpreters), std::end(interpreters), is_of)) {
    const std::string& first = arguments[1];
    if (first == "-m" && arguments.size() > 2) {
      name += " -m " + arguments[2];
    } else if (!first.empty() && first.front() != '-') {
      name += " " + fs::path(first).filename().string();
    }
  }
  return fmt::format("{} (process {})", name, process);
}

std::vector<FileUser> file_users(std::span<const fs::path> files) {
  std::set<FileId> wanted;
  for (const fs::path& file : files) {
    struct stat status{};
    if (stat(file.c_str(), &status) == 0) wanted.insert({status.st_dev, status.st_ino});
  }
  if (wanted.empty()) return {};
  std::map<int, bool> users;  // whether it may write
  std::set<int> hidden;
  for (const int process : all_processes()) {
    if (process != getpid() && !add_open_files(process, wanted, users)) hidden.insert(process);
  }
  if (!hidden.empty()) add_lock_holders(hidden, wanted, users);
  std::vector<FileUser> found;
  for (const auto& [process, may_write] : users) found.push_back({process, process_name(process), may_write});
  return found;
}

std::vector<FileUser> database_users(const fs::path& file) {
  const std::string name = file.string();
  const fs::path files[] = {file, name + "-wal", name + "-shm", name + "-journal"};
  return file_users(files);
}

std::string names_of(const std::vector<FileUser>& users) {
  std::vector<std::string> names;
  for (const FileUser& user : users) names.push_back(user.name);
  return fmt::format("{}", fmt::join(names, " and "));
}

NamedLock::NamedLock(const std::string& name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  // A name that begins with NUL is no file, and goes with the socket. Of one that is too long, its hash stands for it.
  constexpr std::size_t longest = sizeof address.sun_path - 1;
  const std::string shown =
      name.size() <= longest ? name : fmt::format("twoway {:016x}", XXH3_64bits(name.data(), name.size()));
  const std::size_t size = shown.size();
  std::copy_n(shown.begin(), size, address.sun_path + 1);
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + size);
  const auto* const where = reinterpret_cast<const sockaddr*>(&address);
  socket_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket_ < 0 || (bind(socket_, where, length) == 0 && listen(socket_, 1) == 0)) return;
  // Who listens there is told by the kernel to whoever connects.
  ucred peer{};
  socklen_t peer_size = sizeof peer;
  const bool connected = connect(socket_, where, length) == 0 &&
                         getsockopt(socket_, SOL_SOCKET, SO_PEERCRED, &peer, &peer_size) == 0 && peer.pid > 0;
  holder_ = connected ? process_name(peer.pid) : std::string("another process");
  close(socket_);
  socket_ = -1;
}

NamedLock::~NamedLock() {
  if (socket_ >= 0) close(socket_);
}

}  // namespace twoway
