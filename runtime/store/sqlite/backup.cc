#include "runtime/store/sqlite/backup.h"

#include <fmt/format.h>

#include "runtime/model/error.h"
#include "runtime/store/durable.h"
#include "runtime/store/sqlite/connection.h"

namespace twoway::sqlite {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t cache_bytes = 4 * 1024 * 1024;

}  // namespace

void check_backup(const fs::path& backup, std::string_view hint) {
  const std::string found = Connection(backup, Access::read_only, cache_bytes).damage();
  if (found.empty()) return;
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
  const fs::path unfinished = fs::path(copy).concat(unfinished_ending);
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
  finish_file(unfinished, copy);
  return copy.string();
}

}  // namespace twoway::sqlite
