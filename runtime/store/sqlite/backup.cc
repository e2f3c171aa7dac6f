#include "runtime/store/sqlite/backup.h"

#include <fmt/format.h>

#include "runtime/model/error.h"
#include "runtime/store/backup_file.h"
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
  BackupFile backup(directory, stamp, source.filename().string());
  {
    // VACUUM INTO reads one snapshot, WAL included, and leaves the original as it is.
    Connection connection(source, Access::read_only, cache_bytes);
    Statement vacuum = connection.prepare("VACUUM INTO ?");
    const std::string name = backup.path().string();
    vacuum.bind(0, Value::text(name));
    vacuum.step();
  }
  check_backup(backup.path(), "Check the disk. Nothing was written to the target.");
  return backup.finish().string();
}

}  // namespace twoway::sqlite
