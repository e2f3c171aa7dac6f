// Other programs at a store, and how large it is: what can be told without opening it as a store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/migrate/stores.h"

namespace twoway {

/// Another program at a store.
struct Occupant {
  std::string name;  ///< for people: `python3 app.py (process 1234)`, `shop (user webui from 10.1.2.3, session 77)`
  bool may_write = false;
};

/// Of a SQLite file and of a data directory's data.db: the processes that have it open; of a PostgreSQL database: its
/// other sessions, and the twoway that writes to it. Of a server nobody: being asked is what it is there for. A
/// PocketBase that runs on a data directory is not among them: opening it says so.
std::vector<Occupant> occupants(const StoreAddress& store);

/// Bytes of a store's data; nullopt where they cannot be seen. A file with what its WAL holds; a database's tables with
/// their indexes.
std::optional<std::uint64_t> bytes_of(const StoreAddress& store);

/// What `pocketbase --version` says; empty where it says nothing. Throws Error(cannot_start) where there is no program,
/// or where the new data directory `target` cannot be made.
std::string pocketbase_version(const StoreAddress& target, const OpenOptions& options);

}  // namespace twoway
