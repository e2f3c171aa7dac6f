// The PocketBase side as a running server: written over HTTP, read from a copy of its database.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <unordered_set>

#include "runtime/store/http/client.h"
#include "runtime/store/pocketbase_server/credentials.h"
#include "runtime/store/streams.h"

namespace twoway {

/// What reaching a server takes beside its address.
struct ServerOptions {
  Credentials credentials;
  std::string ca_file;            ///< certificates to trust instead of the system's; empty: those
  std::filesystem::path scratch;  ///< where the copy of the server's database lies during the run; empty: $TMPDIR
  http::Log log;                  ///< may be empty
  http::Patience patience;
  const std::atomic<bool>* interrupted = nullptr;
  std::size_t request_bytes = 4U << 20U;  ///< rows are sent when they make a request of this size
};

/// Reads come from one consistent copy of the whole database, which is fetched when it is first needed and after
/// writes: exact to the byte, hidden fields and all, with every look-up local. Writes go out by the mapping's hook, or
/// where that is not installed, by PocketBase's SQL console; `options.log` tells which.
class ServerStore : public PocketBaseStore {
 public:
  /// Signs in and checks that the server is PocketBase, with every mapped collection and its fields, and that its hook,
  /// if there is one, is this mapping's. A source is copied at once. Throws Error(cannot_start).
  ServerStore(const Mapping& mapping, const std::string& url, Use use, const ServerOptions& options);
  ~ServerStore() override;

  std::string describe() const override;
  std::unique_ptr<RecordReader> read(const Entity& entity) override;
  /// Of a source, as it was copied; of a target, as it is now.
  std::uint64_t count(const Entity& entity) override;
  bool exists(const Entity& entity, std::string_view record_id) override;
  RowResolver& resolver() override;
  /// Records are pending until they are settled.
  std::unique_ptr<RecordWriter> write(const Entity& entity) override;
  bool erase(const Entity& entity, std::string_view record_id) override;
  std::unique_ptr<files::FileSide> files(const Entity& entity, const FileField& field,
                                         const files::PutOptions& options) override;
  std::uint64_t renew_token_keys(const Entity& entity) override;
  IdentityCounts link_identities(const Entity& entity, const IsOurs& ours) override;
  IdentityCounts identity_edits(const Entity& entity) override;
  void read_orphans(const Entity& entity, const TakeOrphan& take) override;
  void read_attic(const std::function<void(const AtticEntry&)>& take) override;
  Outcome write_attic(const AtticEntry& entry) override;
  Settlement settle_attic(bool all) override;
  std::string attic_id(const AtticEntry& entry) const override;
  std::uint64_t other_attic_entries(const std::unordered_set<std::string>& kept, bool remove) override;
  /// A server keeps its indexes: nothing is put off.
  void start_load(bool empty, std::span<const Entity* const> many_small_rows) override;
  void finish_load() override;
  std::string version() override;
  /// Asks the server. By the hook the answer is exact. (By the console it may miss a change that keeps the number and
  /// the lengths of all values.)
  bool changed_since_open() const override;

  // Every request is a transaction of its own.
  void begin() override {}
  void commit() override {}
  void roll_back() override {}

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

/// True where the server has none of the mapping's collections, or only PocketBase's own users and nobody among them.
bool is_empty_server(const Mapping& mapping, const std::string& url, const ServerOptions& options);

/// Makes the mapping's collections on a server that has none of them. Writes the files that an operator may put beside
/// its pb_data (`pb_migrations/`, `pb_hooks/`) below `directory`, and says whether the hook is installed. Returns what
/// was done and what remains to do, for people.
std::string prepare_server(const Mapping& mapping, const std::string& url, const ServerOptions& options,
                           const std::filesystem::path& directory);

/// Makes PocketBase write a backup of itself, `twoway_STAMP.zip`, and checks that it lists it. Returns its name.
std::string back_up_server(const std::string& url, const ServerOptions& options, std::string_view stamp);

/// Makes PocketBase go back to one of its backups: it restarts with it. Waits until it is there again. Throws Error.
void restore_server(const std::string& url, const ServerOptions& options, const std::string& name);

}  // namespace twoway
