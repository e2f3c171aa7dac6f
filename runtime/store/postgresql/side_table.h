// `twoway_residue` in a PostgreSQL database: what a database cannot hold or show is kept beside its tables. The layout
// is that of the SQLite driver, runtime/store/sql/side_table.h.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "runtime/store/postgresql/database.h"

namespace twoway::postgresql {

/// One row of the side table.
struct SideEntry {
  std::string entity;
  std::string key;       ///< as record_id::encode writes it
  std::string document;  ///< JSON; where entries are written, an empty one removes the row
};

/// Keys of one entity, by their hashes: enough to know for nearly all rows that nothing needs to be looked up.
class KeySet {
 public:
  /// `key` as it stands in the table.
  void insert(std::string_view key);
  /// False: certainly not among them. `key` as record_id::encode writes it.
  bool may_contain(std::string_view key) const;
  bool empty() const { return hashes_.empty(); }

 private:
  std::unordered_set<std::uint64_t> hashes_;
};

/// The side table of one database. It is made when the first entry is written, so that an ordinary database never sees
/// it. All functions work on the connection that they are given: a batch writes on its own.
namespace side_table {

bool exists(Connection& connection);
/// Makes it unless it is there.
void create(Connection& connection);

/// What became of entries that were written.
struct Changes {
  std::uint64_t inserted = 0;
  std::uint64_t updated = 0;
  std::uint64_t removed = 0;
};
/// Writes and removes entries, many at a time; makes the table where it is missing and needed. Of two entries with the
/// same key the later one counts.
Changes write(Connection& connection, std::span<const SideEntry> entries);

/// The following answer for a table that does not exist as for an empty one.
bool has_entries(Connection& connection, std::string_view entity);
std::uint64_t count(Connection& connection, std::string_view entity);
std::optional<std::string> find(Connection& connection, std::string_view entity, std::string_view key);
/// The same where the table is known to exist.
std::optional<std::string> find_known(Connection& connection, std::string_view entity, std::string_view key);
KeySet keys(Connection& connection, std::string_view entity);
/// Removes all of an entity's entries; returns their number.
std::uint64_t clear(Connection& connection, std::string_view entity);

/// The key of one of many rows whose key holds NULL and is therefore no key: that key, a hash of the row, and a number
/// that tells equal rows apart.
std::string key_of_many(std::string_view key, std::string_view hash, std::uint64_t number);
/// What all of these begin with.
std::string prefix_of_many(std::string_view key);
/// The first entry whose key begins so; and the removal of all of them.
std::optional<std::string> find_first(Connection& connection, std::string_view entity, std::string_view prefix);
std::uint64_t remove_all(Connection& connection, std::string_view entity, std::string_view prefix);

/// The key as it stands in the table: itself, or its beginning and a hash where it is too long for an index.
std::string stored_key(std::string_view key);

}  // namespace side_table

}  // namespace twoway::postgresql
