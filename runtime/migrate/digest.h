// Digests of rows: the same rows give the same digest, in whatever order they stand.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/migrate/migration.h"
#include "runtime/model/entity.h"
#include "runtime/store/tables.h"

namespace twoway {

/// XXH3-128 of the row's cells, each with its storage class and length, then of the unknown columns with their names.
Digest row_digest(const Entity& entity, const void* row,
                  std::span<const std::pair<std::string_view, Value>> unknown);
/// The digest of a record with its residue. Fields that are never updated (token keys) are left out: each PocketBase
/// may have its own.
Digest record_digest(const Entity& entity, const void* record, const Value& residue, const Value& created);

/// Digests of the rows of one table, whatever the order of its columns: two databases rarely agree on that.
class TableDigester {
 public:
  explicit TableDigester(const TableShape& shape);
  /// The values are in the order of the shape's columns.
  Digest row(std::span<const Value> values) const;

 private:
  std::vector<std::pair<std::string, std::size_t>> columns_;  // by name
};

/// The digest of an attic row's tagged values, whatever their order. `with_place`: also where it lies in a SQLite table
/// (attic_entry::rowid_name), which other databases do not know.
Digest values_digest(const std::vector<std::pair<std::string, std::string>>& values, bool with_place = false);
/// Adds a row's digest to a sum (modulo 2^128): order does not matter, doubled rows do not cancel out.
void add(Digest& sum, const Digest& row);

}  // namespace twoway
