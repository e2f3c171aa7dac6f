// Making the collections: PocketBase itself applies the mapping's migrations.
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>

#include <fmt/format.h>

#include "runtime/model/error.h"
#include "runtime/store/pocketbase_directory/directory_store.h"

namespace twoway {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view where_to_get_it =
    "Download PocketBase from its releases page, then name it with --pocketbase FILE, in $POCKETBASE, or put it on "
    "PATH.";

/// The binary as a path that can be run.
fs::path find_binary(const std::string& given) {
  const auto check = [](const fs::path& file, std::string_view origin) {
    if (access(file.c_str(), X_OK) != 0 || fs::is_directory(file)) {
      throw cannot_start(fmt::format("{} names {}, which is not a program that can be run", origin, file.string()),
                         std::string(where_to_get_it));
    }
    return file;
  };
  if (!given.empty()) return check(given, "--pocketbase");
  if (const char* environment = std::getenv("POCKETBASE"); environment != nullptr && *environment != '\0') {
    return check(environment, "$POCKETBASE");
  }
  const char* path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "" : path;
  while (!rest.empty()) {
    const std::size_t colon = rest.find(':');
    const fs::path candidate = fs::path(rest.substr(0, colon)) / "pocketbase";
    if (access(candidate.c_str(), X_OK) == 0 && !fs::is_directory(candidate)) return candidate;
    rest = colon == std::string_view::npos ? std::string_view() : rest.substr(colon + 1);
  }
  throw cannot_start("there is no pocketbase program: it makes the collections of a new data directory",
                     std::string(where_to_get_it));
}

/// A directory of our own that goes away with the object.
class ScratchDirectory {
 public:
  ScratchDirectory() {
    std::string name = (fs::temp_directory_path() / "twoway-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
      throw cannot_start(fmt::format("cannot make a directory in {}", fs::temp_directory_path().string()),
                         "Make room there, or name another one in $TMPDIR.");
    }
    path_ = name;
  }
  ~ScratchDirectory() {
    try {
      fs::remove_all(path_);
    } catch (const std::exception&) {
      // It lies where temporary files lie, and goes with them.
    }
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// Runs the program without standard input, its output in `output`; returns the exit status, or -1 for a signal. Should
/// this process be killed, the program goes with it: nobody is left behind with the data directory open.
int run(const std::vector<std::string>& arguments, const fs::path& output) {
  std::vector<char*> pointers;
  for (const std::string& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) throw cannot_start(fmt::format("cannot start {}", arguments[0]), "Try again when memory is free.");
  if (child == 0) {  // unreachable: the copy of the process is another program before it could write its counters
    // Only calls that are safe between fork and exec.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setpgid(0, 0);  // Ctrl-C is for us: the schema is finished, then we stop
    if (getppid() != parent) _exit(127);  // unreachable: as above
    const int in = open("/dev/null", O_RDONLY);
    const int out = open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (in < 0 || out < 0 || dup2(in, STDIN_FILENO) < 0) _exit(127);               // unreachable: as above
    if (dup2(out, STDOUT_FILENO) < 0 || dup2(out, STDERR_FILENO) < 0) _exit(127);  // unreachable: as above
    execv(pointers[0], pointers.data());
    _exit(127);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string read_all(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

void check_writable(const fs::path& directory) {
  std::error_code error;
  fs::path nearest = fs::absolute(directory);
  while (!fs::exists(nearest, error) && nearest.has_relative_path()) nearest = nearest.parent_path();
  if (!fs::is_directory(nearest, error)) {
    throw cannot_start(fmt::format("{} is a file, so {} cannot be made", nearest.string(), directory.string()),
                       "Choose another path.");
  }
  if (access(nearest.c_str(), W_OK | X_OK) == 0) return;
  throw cannot_start(fmt::format("{} cannot be written to", nearest.string()),
                     "Give yourself write permission on it, or choose another path.");
}

bool is_empty_directory(const Mapping& mapping, const fs::path& directory) {
  std::error_code error;
  if (!fs::exists(directory / "data.db", error)) return true;
  sqlite::Connection connection(directory / "data.db", sqlite::Access::read_only, 1024 * 1024);
  for (const Entity* entity : mapping.entities) {
    sqlite::Statement table =
        connection.prepare("SELECT count(*) FROM sqlite_schema WHERE type IN ('table', 'view') AND name = ?");
    table.bind(0, Value::text(entity->collection));
    const bool there = table.step() && table.column(0).as_integer() != 0;
    if (!there) continue;
    // PocketBase makes an auth collection of its own: one without people in it, and without our fields, is new.
    if (!entity->auth) return false;
    if (connection.integer(fmt::format("SELECT count(*) FROM {}", sqlite::quoted_name(entity->collection))) != 0) {
      return false;
    }
  }
  return true;
}

std::string program_version_of(const std::string& binary) {
  const fs::path program = find_binary(binary);
  const ScratchDirectory scratch;
  const fs::path output = scratch.path() / "output";
  if (run({program.string(), "--version"}, output) != 0) return {};
  const std::string said = read_all(output);
  return said.substr(0, said.find('\n'));
}

void prepare_directory(const Mapping& mapping, const fs::path& directory, const std::string& binary) {
  if (!is_empty_directory(mapping, directory)) {
    throw cannot_start(fmt::format("{} already holds collections of the mapping {}", directory.string(), mapping.name),
                       "`prepare` makes them in a new or empty data directory only. Choose another path.");
  }
  check_writable(directory);
  const fs::path program = find_binary(binary);
  const ScratchDirectory scratch;
  const fs::path migrations = scratch.path() / "pb_migrations";
  fs::create_directories(migrations);
  for (const auto& file : mapping.pocketbase_migrations) {
    std::ofstream out(migrations / file.name, std::ios::binary);
    out.write(file.content.data(), static_cast<std::streamsize>(file.content.size()));
    if (!out.flush()) throw cannot_start(fmt::format("cannot write to {}", migrations.string()), "Make room there.");
  }
  const fs::path output = scratch.path() / "output";
  const int status = run({program.string(), "migrate", "up", "--dir", fs::absolute(directory).string(),
                          "--migrationsDir", migrations.string()},
                         output);
  if (status == 0) return;
  throw cannot_start(fmt::format("{} could not make the collections in {}: {}", program.string(), directory.string(),
                                 read_all(output)),
                     "Check that it is PocketBase 0.23 or newer and that you may write to the directory's parent.");
}

}  // namespace twoway
