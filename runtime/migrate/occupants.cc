#include "runtime/migrate/occupants.h"

#include <fmt/format.h>

#include "runtime/store/pocketbase_directory/directory_store.h"
#include "runtime/store/postgresql/database.h"
#include "runtime/store/processes.h"

namespace twoway {

namespace fs = std::filesystem;

namespace {

fs::path data_file(const StoreAddress& store) {
  return store.kind == StoreKind::sqlite_file ? store.path : store.path / "data.db";
}

}  // namespace

std::vector<Occupant> occupants(const StoreAddress& store) {
  std::vector<Occupant> found;
  if (store.kind == StoreKind::postgresql) {
    postgresql::Connection connection(postgresql_address(store.url), postgresql::Access::read_only);
    if (std::string name = postgresql::lock_holder(connection); !name.empty()) found.push_back({std::move(name), true});
    for (std::string& name : postgresql::other_sessions(connection)) found.push_back({std::move(name), true});
  } else if (!is_remote(store.kind)) {
    for (FileUser& user : database_users(data_file(store))) found.push_back({std::move(user.name), user.may_write});
  }
  return found;
}

std::optional<std::uint64_t> bytes_of(const StoreAddress& store) {
  if (store.kind == StoreKind::pocketbase_server) return std::nullopt;
  if (store.kind == StoreKind::postgresql) {
    postgresql::Connection connection(postgresql_address(store.url), postgresql::Access::read_only);
    const std::int64_t bytes = connection.integer(
        "SELECT coalesce(sum(pg_catalog.pg_total_relation_size(c.oid)), 0)::bigint FROM pg_catalog.pg_class AS c JOIN "
        "pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname = " +
        postgresql::quoted_text(connection.schema()));
    return static_cast<std::uint64_t>(bytes);
  }
  std::uint64_t bytes = 0;
  const std::string file = data_file(store).string();
  for (const std::string& part : {file, file + "-wal"}) {
    std::error_code error;
    const std::uintmax_t size = fs::file_size(part, error);
    if (!error) bytes += size;
  }
  return bytes;
}

std::string pocketbase_version(const StoreAddress& target, const OpenOptions& options) {
  check_writable(target.path);
  return program_version_of(options.pocketbase);
}

}  // namespace twoway
