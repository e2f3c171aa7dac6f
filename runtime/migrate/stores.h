// From what the operator types to opened stores.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "runtime/migrate/migration.h"
#include "runtime/store/streams.h"

namespace twoway {

enum class StoreKind : std::uint8_t { sqlite_file, pocketbase_directory };

/// A store as it was named.
struct StoreAddress {
  StoreKind kind = StoreKind::sqlite_file;
  std::filesystem::path path;
  bool exists = false;
};

/// Reads a STORE argument: a path, or `sqlite:///path` as SQLAlchemy writes it. A path that does not exist is taken for
/// `otherwise`. Throws Error(cannot_start) for URLs of kinds that this version does not know.
StoreAddress parse_store(const std::string& text, StoreKind otherwise);

/// Both ends of a run. Exactly one is SQL, the other PocketBase; the direction follows.
struct Ends {
  StoreAddress from;
  StoreAddress to;
  Direction direction = Direction::to_pocketbase;
};
Ends parse_ends(const std::string& from, const std::string& to);

/// Opened stores.
struct OpenStores {
  std::unique_ptr<SqlStore> sql;
  std::unique_ptr<PocketBaseStore> pocketbase;
  Transactions& target(Direction direction) {
    return direction == Direction::to_pocketbase ? static_cast<Transactions&>(*pocketbase) : *sql;
  }
};

/// True where the target is missing or has none of the mapping's tables or collections yet.
bool is_empty_target(const Mapping& mapping, const StoreAddress& target);
/// Rolls back what a killed run left in the target, so that it can be read again.
void recover_target(const StoreAddress& target);
/// Makes the schema in an empty target.
void prepare_target(const Mapping& mapping, const StoreAddress& target, const std::string& pocketbase_binary);

}  // namespace twoway
