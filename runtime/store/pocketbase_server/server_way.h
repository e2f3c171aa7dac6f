// The ways in which rows get into a PocketBase server and out of it: by the mapping's own hook, or by what every
// PocketBase has. Each is exact; the hook is several times faster.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/model/entity.h"
#include "runtime/store/pocketbase_server/api.h"
#include "runtime/store/pocketbase_server/row_body.h"

namespace twoway {

/// What is written of a collection.
struct ServerCollection {
  std::string name;
  std::vector<std::string> columns;  ///< `id` first
  std::vector<bool> updated;         ///< in step: false for the id and for what is written once, with the insert
};
ServerCollection server_collection(const Entity& entity);
ServerCollection server_attic();
/// PocketBase's rows of identities elsewhere.
ServerCollection server_identities();

/// What became of the rows of one request: all of them, or none.
struct Posted {
  enum class What : std::uint8_t {
    done,
    refused,    ///< a row violates a constraint; `reason` is SQLite's words for the first one
    too_large,  ///< the request as a whole: half of it may pass
  };
  What what = What::done;
  std::uint64_t inserted = 0;
  std::uint64_t updated = 0;
  std::string reason;
};

/// How rows get in and out. Every call gets the api of the thread that it runs in; calls that write do not overlap.
class ServerWay {
 public:
  virtual ~ServerWay() = default;
  virtual RowBody::Form form() const = 0;
  virtual Posted import(ServerApi& api, const ServerCollection& collection, std::string_view body, std::size_t rows,
                        const std::set<std::size_t>& tagged) = 0;
  /// Deletes the records with these ids; returns how many there were.
  virtual std::uint64_t erase(ServerApi& api, const ServerCollection& collection,
                              const std::vector<std::string>& ids) = 0;
  /// Gives all records of an auth collection new token keys; returns their number.
  virtual std::uint64_t renew_token_keys(ServerApi& api, const ServerCollection& collection) = 0;
  /// Puts a copy of the database, as it is at one moment, into `file`. `watch`: changed() will be asked for.
  virtual void copy_database(ServerApi& api, const std::filesystem::path& file, bool watch) = 0;
  /// True where a mapped collection differs from the copy that was made last.
  virtual bool changed(ServerApi& api) = 0;
  /// After the last row.
  virtual void finish(ServerApi& api) = 0;
  /// Removes what was made on the server for the time of the run.
  virtual void tidy(ServerApi& api) = 0;
  /// The newest of PocketBase's own migrations on that server; empty where it cannot be told.
  virtual std::string version(ServerApi& api) = 0;
};

/// The hook of this mapping; null where the server has none. Throws Error(cannot_start) where it is another version's
/// or another mapping's.
std::unique_ptr<ServerWay> hook_way(ServerApi& api, const Mapping& mapping);

/// PocketBase's SQL console (0.39 and newer) for writing, its backups (0.23 and newer) for reading.
std::unique_ptr<ServerWay> console_way(ServerApi& api, const Mapping& mapping);
/// Throws Error(cannot_start) where the server has no SQL console, so that nothing can be written without the hook.
void require_console(ServerApi& api);

/// SQLite's sentence on a constraint without what others put around it: `UNIQUE constraint failed: users.email`.
std::string plain_reason(std::string_view reason);

/// Downloads `size` bytes from a target that understands ranges; goes on where it was cut. Throws Error.
void download(ServerApi& api, const std::string& target, std::uint64_t size, const std::filesystem::path& file);

/// Makes PocketBase write a backup of itself under this name (`[a-z0-9_-]+.zip`) and checks that it is there. Returns
/// its size.
std::uint64_t make_backup(ServerApi& api, const std::string& name);
/// The backups on the server whose names begin so.
std::vector<std::string> backups_named(ServerApi& api, std::string_view prefix);
/// Takes data.db out of a backup on the server, without the files that lie beside it in the archive.
void download_database(ServerApi& api, const std::string& backup, std::uint64_t size,
                       const std::filesystem::path& file);

}  // namespace twoway
