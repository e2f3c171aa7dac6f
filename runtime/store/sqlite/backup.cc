#include "runtime/store/sqlite/backup.h"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <string_view>

#include "runtime/model/error.h"
#include "runtime/store/durable.h"
#include "runtime/store/sqlite/connection.h"

namespace twoway::sqlite {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t cache_bytes = 4 * 1024 * 1024;

/// True where quick_check took a page that it had no memory for to be damaged: it names the code, SQLITE_NOMEM.
bool lacked_memory(std::string_view found) {
  constexpr std::string_view code = "error code=7";
  const std::size_t at = found.find(code);
  const bool whole = at != std::string_view::npos && found.substr(at + code.size()).find_first_of("0123456789") != 0;
  return whole || found.find("out of memory") != std::string_view::npos;
}

}  // namespace

void check_backup(const fs::path& backup, std::string_view hint) {
  std::string found = Connection(backup, Access::read_only, cache_bytes).text("PRAGMA quick_check(1)");
  if (found == "ok") return;
  if (lacked_memory(found)) throw std::bad_alloc();
  std::replace(found.begin(), found.end(), '\n', ' ');
  throw cannot_start(fmt::format("the backup {} is damaged: {}", backup.string(), found), std::string(hint));
}

std::string back_up(const fs::path& source, const fs::path& directory, std::string_view stamp) {
  std::error_code error;
  fs::create_directories(directory, error);
  fs::path copy = directory / fmt::format("{}-{}", stamp, source.filename().string());
  // Two runs in one second keep a backup each.
  for (int number = 2; !error && fs::exists(copy, error); ++number) {
    copy = directory / fmt::format("{}-{}-{}", stamp, number, source.filename().string());
  }
  if (error) {
    throw cannot_start(fmt::format("cannot make the backup {}", copy.string()),
                       "Name a directory that can be written to with --state, or say --no-backup.");
  }
  // Half a backup, of a run that is killed here, has no backup's name.
  const fs::path unfinished = copy.string() + ".unfinished";
  fs::remove(unfinished, error);
  {
    // VACUUM INTO reads one snapshot, WAL included, and leaves the original as it is.
    Connection connection(source, Access::read_only, cache_bytes);
    Statement vacuum = connection.prepare("VACUUM INTO ?");
    const std::string name = unfinished.string();
    vacuum.bind(0, Value::text(name));
    vacuum.step();
  }
  check_backup(unfinished, "Check the disk. Nothing was written to the target.");
  make_durable(unfinished);
  fs::rename(unfinished, copy);
  make_names_durable(directory);
  return copy.string();
}

}  // namespace twoway::sqlite
