// How a transform asks about other rows: references and record ids. Stores answer; transforms stay free of databases.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "runtime/model/entity.h"
#include "runtime/model/value.h"
#include "runtime/transform/arena.h"

namespace twoway {

/// Answers for SQL -> PocketBase.
class RecordResolver {
 public:
  virtual ~RecordResolver() = default;
  /// The id of the record that the row with this key becomes, or nullopt where there is no such row. The text is in
  /// `arena`. `key` has one value per part of the target's key.
  virtual std::optional<std::string_view> record_id(const Entity& target, std::span<const Value> key, Arena& arena) = 0;
  /// Tells that the row with this key, as record_id::encode writes it, was just read: rows mostly refer to rows before
  /// them. A hint; nothing needs to be done with it.
  virtual void saw(const Entity&, std::string_view) {}
};

/// Answers for PocketBase -> SQL.
class RowResolver {
 public:
  virtual ~RowResolver() = default;
  /// Writes the SQL key of the row that the record becomes into `key` (one value per part; text in `arena`). False
  /// where there is no such record.
  virtual bool row_key(const Entity& target, std::string_view record_id, std::span<Value> key, Arena& arena) = 0;
  /// True where there is such a record. (row_key may read a key off the id alone and take the record for granted.)
  virtual bool exists(const Entity& target, std::string_view record_id) = 0;
};

}  // namespace twoway
