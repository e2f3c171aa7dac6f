#include "runtime/migrate/stores.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "runtime/migrate/questions.h"
#include "runtime/model/error.h"
#include "runtime/store/backup_file.h"
#include "runtime/store/pocketbase_directory/directory_store.h"
#include "runtime/store/pocketbase_directory/live_collections.h"
#include "runtime/store/pocketbase_directory/running.h"
#include "runtime/store/pocketbase_server/collections.h"
#include "runtime/store/pocketbase_server/server_store.h"
#include "runtime/store/pocketbase_server/session.h"
#include "runtime/store/postgresql/live_schema.h"
#include "runtime/store/postgresql/postgresql_store.h"
#include "runtime/store/postgresql/prepare.h"
#include "runtime/store/postgresql/rehearsal.h"
#include "runtime/store/sql/live_schema.h"
#include "runtime/store/sql/sqlite_store.h"
#include "runtime/store/sqlite/backup.h"
#include "runtime/store/sqlite/wal.h"

namespace twoway {

namespace fs = std::filesystem;

postgresql::Address postgresql_address(const std::string& url) {
  const char* schema = std::getenv("DATABASE_SCHEMA");
  return postgresql::parse_address(url, schema == nullptr ? "" : schema);
}

namespace {

constexpr std::string_view stores_hint =
    "Name a SQLite file (a path, or sqlite:///path), a PostgreSQL database (postgresql://...), a PocketBase data "
    "directory (a path) or a PocketBase server (http://... or https://...).";

StoreAddress parse_url(const std::string& text, std::string_view scheme) {
  StoreAddress address;
  address.url = text;
  address.exists = true;
  if (postgresql::is_postgresql_url(text)) {
    const postgresql::Address parsed = postgresql_address(text);
    const std::string_view database = parsed.find("dbname");
    address.kind = StoreKind::postgresql;
    address.display = parsed.describe();
    address.path = database.empty() ? "postgresql" : std::string(database);
    return address;
  }
  if (scheme == "http" || scheme == "https") {
    const http::Address parsed = http::parse_address(text);
    address.kind = StoreKind::pocketbase_server;
    address.display = parsed.text();
    address.path = fmt::format("{}-{}-{}", scheme, parsed.host, parsed.port);
    return address;
  }
  throw cannot_start(fmt::format("'{}://' is no store that this version can open", scheme), std::string(stores_hint));
}

}  // namespace

ServerOptions server_options(const OpenOptions& options) {
  ServerOptions server;
  server.credentials = options.credentials_file.empty() ? credentials_from_environment()
                                                        : credentials_from_file(options.credentials_file, options.log);
  server.ca_file = options.ca_file;
  server.scratch = options.state_directory;
  server.log = options.log;
  server.interrupted = options.interrupted;
  return server;
}

StoreKind kind_of_new(const fs::path& path) {
  const fs::path extension = path.extension();
  const bool file = extension == ".db" || extension == ".sqlite" || extension == ".sqlite3";
  return file ? StoreKind::sqlite_file : StoreKind::pocketbase_directory;
}

StoreAddress parse_store(const std::string& text) {
  StoreAddress address;
  std::string path = text;
  StoreKind otherwise = kind_of_new(text);
  const std::size_t scheme = text.find("://");
  if (scheme != std::string::npos) {
    // SQLAlchemy: sqlite:///relative and sqlite:////absolute.
    if (text.rfind("sqlite:///", 0) != 0) return parse_url(text, std::string_view(text).substr(0, scheme));
    path = text.substr(std::string_view("sqlite:///").size());
    otherwise = StoreKind::sqlite_file;
  }
  if (path.empty()) throw cannot_start("a store's path is empty", std::string(stores_hint));
  address.path = path;
  address.display = path;
  std::error_code error;
  const fs::file_status status = fs::status(address.path, error);
  address.exists = fs::exists(status);
  if (!address.exists) {
    address.kind = otherwise;
  } else {
    address.kind = fs::is_directory(status) ? StoreKind::pocketbase_directory : StoreKind::sqlite_file;
  }
  return address;
}

std::string identity_of(const StoreAddress& store) {
  if (is_remote(store.kind)) return store.display;
  std::error_code error;
  fs::path path = fs::weakly_canonical(fs::absolute(store.path, error), error);
  if (!path.has_filename()) path = path.parent_path();
  return error ? store.path.string() : path.string();
}

namespace {

bool is_same_place(const StoreAddress& a, const StoreAddress& b) {
  if (is_remote(a.kind) || is_remote(b.kind)) return a.kind == b.kind && a.url == b.url;
  std::error_code error;
  return fs::equivalent(a.path, b.path, error);
}

}  // namespace

Ends parse_ends(const std::string& from, const std::string& to) {
  Ends ends;
  ends.from = parse_store(from);
  if (!ends.from.exists) {
    throw cannot_start(fmt::format("{} does not exist", ends.from.display), "Check the path given with --from.");
  }
  const bool from_sql = is_sql(ends.from.kind);
  ends.to = parse_store(to);
  if (is_same_place(ends.from, ends.to)) {
    throw cannot_start(fmt::format("{} is both the source and the target", ends.from.display),
                       "Name two different stores.");
  }
  const bool to_sql = is_sql(ends.to.kind);
  ends.direction = from_sql ? (to_sql ? Direction::sql_to_sql : Direction::to_pocketbase)
                            : (to_sql ? Direction::to_sql : Direction::pocketbase_to_pocketbase);
  return ends;
}

std::unique_ptr<SqlStore> open_sql(const Mapping& mapping, const StoreAddress& address, Use use,
                                   const OpenOptions&) {
  if (address.kind == StoreKind::postgresql) {
    return std::make_unique<PostgresqlStore>(mapping, postgresql_address(address.url), use);
  }
  return std::make_unique<SqliteStore>(mapping, address.path, use);
}

std::unique_ptr<PocketBaseStore> open_pocketbase(const Mapping& mapping, const StoreAddress& address, Use use,
                                                 const OpenOptions& options) {
  if (address.kind == StoreKind::pocketbase_server) {
    return std::make_unique<ServerStore>(mapping, address.url, use, server_options(options));
  }
  return std::make_unique<DirectoryStore>(mapping, address.path, use);
}

LiveSchema read_live_schema(const StoreAddress& address, const RevisionPlace& revision) {
  if (address.kind == StoreKind::postgresql) {
    postgresql::Connection connection(postgresql_address(address.url), postgresql::Access::read_only);
    return postgresql::read_live_schema(connection, revision);
  }
  constexpr std::size_t cache_bytes = 1024 * 1024;
  sqlite::Connection connection(address.path, sqlite::Access::read_only, cache_bytes);
  return sql_sqlite::read_live_schema(connection, revision);
}

LiveSchema mapped_schema(const Mapping& mapping, const StoreAddress& address) {
  if (address.kind != StoreKind::postgresql) return sql_sqlite::mapped_schema(mapping);
  return postgresql::mapped_schema(mapping, postgresql_address(address.url));
}

boost::json::array live_collections(const StoreAddress& address, const OpenOptions& options) {
  if (address.kind != StoreKind::pocketbase_server) return directory_collections(address.path);
  const auto session = make_session(address.url, server_options(options));
  ServerApi api(*session);
  return server_collections(api);
}

bool is_empty_target(const Mapping& mapping, const StoreAddress& target, const OpenOptions& options) {
  if (target.kind == StoreKind::pocketbase_server) {
    return is_empty_server(mapping, target.url, server_options(options));
  }
  if (target.kind == StoreKind::postgresql) return is_empty_postgresql(mapping, postgresql_address(target.url));
  return target.kind == StoreKind::sqlite_file ? is_empty_sqlite(target.path)
                                               : is_empty_directory(mapping, target.path);
}

std::unique_ptr<Tables> rehearse_target(const Mapping& mapping, const StoreAddress& target) {
  if (target.kind != StoreKind::postgresql) return nullptr;
  return rehearse_postgresql(mapping, postgresql_address(target.url));
}

std::optional<std::string> unread_part(const StoreAddress& source) {
  if (is_remote(source.kind)) return std::nullopt;
  return sqlite::unread_part_of_wal(source.kind == StoreKind::sqlite_file ? source.path : source.path / "data.db");
}

void recover_target(const StoreAddress& target) {
  if (is_remote(target.kind)) return;  // a server recovers by itself
  const bool file = target.kind == StoreKind::sqlite_file;
  if (!file) refuse_running_pocketbase(target.path);
  const fs::path data = file ? target.path : target.path / "data.db";
  std::error_code error;
  if (fs::exists(data, error) && access(data.c_str(), W_OK) != 0) {
    throw cannot_start(fmt::format("{} cannot be written to", data.string()),
                       "Give yourself write permission on the file and its directory, or choose another target.");
  }
  sqlite::roll_back_unfinished_write(data);
}

std::string prepare_target(const Mapping& mapping, const StoreAddress& target, const OpenOptions& options) {
  const std::string_view application = mapping.version_name.empty() ? mapping.name : mapping.version_name;
  if (target.kind == StoreKind::postgresql) {
    prepare_postgresql(mapping, postgresql_address(target.url));
    return fmt::format("made the tables of {} in {}", application, target.display);
  }
  if (target.kind == StoreKind::pocketbase_server) {
    return prepare_server(mapping, target.url, server_options(options), options.state_directory);
  }
  if (target.kind == StoreKind::sqlite_file) {
    prepare_sqlite(mapping, target.path);
    return fmt::format("made the tables of {} in {}", application, target.display);
  }
  prepare_directory(mapping, target.path, options.pocketbase);
  return fmt::format("made the collections of {} in {}", mapping.name, target.display);
}

std::string restore_remote(const StoreAddress& target, const std::string& backup, const OpenOptions& options) {
  if (target.kind == StoreKind::postgresql) {
    const std::string aside =
        restore_postgresql(postgresql_address(target.url), backup, utc_now("%Y%m%dT%H%M%SZ"));
    return fmt::format("{} {}; what was there is in its schema {}", target.display,
                       backup.empty() ? "was filled by the run and is empty again" : "is as it was before the run",
                       aside);
  }
  if (backup.empty()) {
    throw cannot_start(fmt::format("the run into {} made no backup", target.display),
                       "It was told --no-backup. Restore the server from a backup of its own.");
  }
  const std::string present = back_up_server(target.url, server_options(options), utc_now("%Y%m%dT%H%M%SZ"));
  restore_server(target.url, server_options(options), backup);
  return fmt::format("{} is as it was before the run; what was there is its backup {}", target.display, present);
}

std::string back_up(const StoreAddress& target, const OpenOptions& options, std::string_view stamp) {
  const std::filesystem::path backups = options.state_directory / "backups";
  remove_unfinished(backups);
  if (target.kind == StoreKind::postgresql) {
    return back_up_postgresql(postgresql_address(target.url), backups, std::string(stamp)).string();
  }
  if (target.kind == StoreKind::pocketbase_server) return back_up_server(target.url, server_options(options), stamp);
  const bool file = target.kind == StoreKind::sqlite_file;
  return sqlite::back_up(file ? target.path : target.path / "data.db", backups, stamp);
}

}  // namespace twoway
