// From what the operator types to opened stores. The only place that knows all drivers.
#pragma once

#include <boost/json/fwd.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "runtime/migrate/migration.h"
#include "runtime/store/live_schema.h"
#include "runtime/store/postgresql/address.h"
#include "runtime/store/streams.h"

namespace twoway {

enum class StoreKind : std::uint8_t { sqlite_file, postgresql, pocketbase_directory, pocketbase_server };

inline bool is_sql(StoreKind kind) { return kind == StoreKind::sqlite_file || kind == StoreKind::postgresql; }
/// A store that is named by a URL and lives in another process.
inline bool is_remote(StoreKind kind) {
  return kind == StoreKind::postgresql || kind == StoreKind::pocketbase_server;
}

/// A store as it was named.
struct StoreAddress {
  StoreKind kind = StoreKind::sqlite_file;
  std::filesystem::path path;  ///< of a file or directory; of a remote store: where its state goes beside others
  std::string url;             ///< of a remote store, as it was typed: may hold a password
  std::string display;         ///< for people: without secrets
  bool exists = false;         ///< a remote store is taken to exist
};

/// Reads a STORE argument: a path, `sqlite:///path` and `postgresql://...` as SQLAlchemy writes them, `http(s)://...`.
/// A path that does not exist is taken for a SQLite file where it ends in .db, .sqlite or .sqlite3, else for a
/// PocketBase data directory. Throws Error(cannot_start) for URLs of kinds that this version does not know.
StoreAddress parse_store(const std::string& text);
/// The same text for the same store, however its path is written.
std::string identity_of(const StoreAddress& store);

/// Both ends of a run; the direction follows.
struct Ends {
  StoreAddress from;
  StoreAddress to;
  Direction direction = Direction::to_pocketbase;
};
Ends parse_ends(const std::string& from, const std::string& to);

/// What opening a store may need beside its address.
struct OpenOptions {
  std::filesystem::path state_directory;  ///< where copies of a server's data may lie for the time of the run
  std::string credentials_file;           ///< of a PocketBase server's superuser; empty: the environment
  std::string ca_file;
  std::string pocketbase;                 ///< the PocketBase binary; empty: $POCKETBASE, then PATH
  std::function<void(std::string_view level, std::string_view text)> log;  ///< may be empty
  const std::atomic<bool>* interrupted = nullptr;
};

/// A PostgreSQL URL with the schema that applications are told beside it, in $DATABASE_SCHEMA.
postgresql::Address postgresql_address(const std::string& url);

std::unique_ptr<SqlStore> open_sql(const Mapping& mapping, const StoreAddress& address, Use use,
                                   const OpenOptions& options);
std::unique_ptr<PocketBaseStore> open_pocketbase(const Mapping& mapping, const StoreAddress& address, Use use,
                                                 const OpenOptions& options);

/// What a SQL database declares; nothing is written. `revision`: where its application notes one. Throws
/// Error(cannot_start) where it cannot be read.
LiveSchema read_live_schema(const StoreAddress& address, const RevisionPlace& revision = {});

/// What the mapping would make in an empty database of this kind, in the same words. In PostgreSQL it is made as
/// temporary tables in a transaction that is rolled back: the server alone knows how it writes types and expressions.
LiveSchema mapped_schema(const Mapping& mapping, const StoreAddress& address);
/// The collections of a PocketBase, as its interface describes them. Throws as above.
boost::json::array live_collections(const StoreAddress& address, const OpenOptions& options);

/// Opened stores of a conversion.
struct OpenStores {
  std::unique_ptr<SqlStore> sql;
  std::unique_ptr<PocketBaseStore> pocketbase;
};

/// True where the target is missing or has none of the mapping's tables or collections yet.
bool is_empty_target(const Mapping& mapping, const StoreAddress& target, const OpenOptions& options);
/// An empty SQL target as it would be after prepare_target(), for a plan; null where its kind refuses nothing.
std::unique_ptr<Tables> rehearse_target(const Mapping& mapping, const StoreAddress& target);
/// Says what of a source's write-ahead log SQLite does not read; nullopt where it reads all of it.
std::optional<std::string> unread_part(const StoreAddress& source);
/// Rolls back what a killed run left in the target, so that it can be read again.
void recover_target(const StoreAddress& target);
/// Makes the schema in an empty target. Returns what was done, for people.
std::string prepare_target(const Mapping& mapping, const StoreAddress& target, const OpenOptions& options);
/// Copies the target before anything is written to it, beside the run's state or, for a server, where it keeps its
/// backups; returns the path or name of the copy.
std::string back_up(const StoreAddress& target, const OpenOptions& options, std::string_view stamp);

/// Puts such a copy back into a store that is reached over the network. `backup` may be empty: the run had made the
/// store's schema, and it is made empty again. Returns what was done, for people.
std::string restore_remote(const StoreAddress& target, const std::string& backup, const OpenOptions& options);

/// `2026-11-24T23:41:07Z` for "%Y-%m-%dT%H:%M:%SZ".
std::string utc_now(const char* form);

}  // namespace twoway
