// `twoway_residue`: on the SQL side, what only PocketBase has (ids made there, sub-second dates, `verified`).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "runtime/model/entity.h"
#include "runtime/store/sqlite/connection.h"
#include "runtime/transform/arena.h"

namespace twoway::sql_sqlite {

inline constexpr std::string_view side_table_name = "twoway_residue";

/// The side table of one database. It is made when the first entry is written, so that an ordinary database never sees
/// it.
class SideTable {
 public:
  explicit SideTable(sqlite::Connection& connection);

  /// True where the entity has entries: otherwise nothing needs to be looked up.
  bool has_entries(std::string_view entity);
  /// Number of the entity's entries.
  std::uint64_t count(std::string_view entity);
  /// The entry for this key (the key as record_id::encode writes it) or NULL. Valid until the next call.
  Value find(std::string_view entity, std::string_view key);
  /// Writes the entry, or removes it where `document` is NULL. True where something changed.
  bool write(std::string_view entity, std::string_view key, const Value& document);
  /// Record id that the entry for this key gives, or nullopt: then the key's own encoding is the id.
  std::optional<std::string_view> record_id(std::string_view entity, std::string_view key, Arena& arena);
  /// The entity's entries (all entries where it is empty) in the order of their keys: entity, key, document.
  sqlite::Statement list(std::string_view entity);

 private:
  void create();

  sqlite::Connection& connection_;
  bool exists_;
  sqlite::Statement find_;
  sqlite::Statement upsert_;
  sqlite::Statement remove_;
};

}  // namespace twoway::sql_sqlite
