// Who else has a file open: the processes of this machine that /proc shows.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace twoway {

/// A process that has one of the files open.
struct FileUser {
  int process = 0;
  std::string name;        ///< for people: `python3 app.py (process 1234)`
  bool may_write = false;  ///< it opened one for writing, or nobody may know how: another user's process
};

/// `python3 app.py (process 1234)`: the program and, where it is an interpreter's, its script or module. Arguments
/// beyond that are left out: they may hold secrets.
std::string process_name(int process);

/// The other processes that have one of these files open, by number: from their open files where this process may look
/// at them (its own user's, or all for root), else from the locks that they hold. Files that do not exist are nobody's.
/// A process in another container or on another host is not seen.
std::vector<FileUser> file_users(std::span<const std::filesystem::path> files);

/// A SQLite file's users: also those that only have its -wal, -shm or -journal open.
std::vector<FileUser> database_users(const std::filesystem::path& file);

/// `a (process 1) and b (process 2)`.
std::string names_of(const std::vector<FileUser>& users);

/// The numbers of all processes that /proc shows.
std::vector<int> all_processes();

/// What the calling process holds until it ends, by a name that all processes of this machine (of this network
/// namespace) share. Leaves nothing behind, however the process ends.
class NamedLock {
 public:
  explicit NamedLock(const std::string& name);
  ~NamedLock();
  NamedLock(const NamedLock&) = delete;
  NamedLock& operator=(const NamedLock&) = delete;
  /// The process that has the name already, as process_name() writes it; nullopt: this one has it.
  const std::optional<std::string>& holder() const { return holder_; }

 private:
  int socket_ = -1;
  std::optional<std::string> holder_;
};

}  // namespace twoway
