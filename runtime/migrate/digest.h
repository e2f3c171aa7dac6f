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

/// XXH3-128 of the row's cells, each with its storage class and length, then of the unknown columns that are not NULL,
/// by name. (A record that PocketBase made knows nothing of unknown columns; in its row they are NULL.)
Digest row_digest(const Entity& entity, const void* row,
                  std::span<const std::pair<std::string_view, Value>> unknown);
/// The digest of a record with its residue. Fields that are never updated (token keys) are left out: each PocketBase
/// may have its own.
Digest record_digest(const Entity& entity, const void* record, const Value& residue, const Value& created);

/// Digests of the rows of one table, whatever the order of its columns: two databases rarely agree on that.
class TableDigester {
 public:
  explicit TableDigester(const TableShape& shape);
  /// `chunk_key`: the columns that decide a row's chunk, among the shape's.
  TableDigester(const TableShape& shape, const std::vector<std::string>& chunk_key);
  /// The values are in the order of the shape's columns.
  Digest row(std::span<const Value> values) const;
  /// Which chunk the row belongs to; `row` is its digest.
  std::uint64_t key_hash(std::span<const Value> values, const Digest& row) const;

 private:
  std::vector<std::pair<std::string, std::size_t>> columns_;  // by name
  std::vector<std::size_t> key_;
};

/// The digest of an attic row's tagged values, whatever their order. `with_place`: also where it lies in a SQLite table
/// (attic_entry::rowid_name), which other databases do not know.
Digest values_digest(const std::vector<std::pair<std::string, std::string>>& values, bool with_place = false);
/// Adds a row's digest to a sum (modulo 2^128): order does not matter, doubled rows do not cancel out.
void add(Digest& sum, const Digest& row);

/// A hash of a row's key, the same wherever the row stands.
std::uint64_t key_hash(std::span<const Value> key);
std::uint64_t key_hash(const Entity& entity, const void* row);

/// Sums over the rows of one entity: of all, and by chunks.
struct RowSums {
  Digest digest;
  std::vector<Chunk> chunks;
  /// `key_hash` decides the chunk; a row without a key is chunked by its own digest's low half.
  void add(std::uint64_t key_hash, const Digest& row);
  void add(const RowSums& other);
};
/// The same into a report.
void add_row(EntityReport& report, std::uint64_t key_hash, const Digest& row);
void add_rows(EntityReport& report, const RowSums& rows);
/// Replaces what the report has.
void set_rows(EntityReport& report, RowSums rows);

/// While rows are read, each entity has so many chunks.
inline constexpr std::size_t chunks_kept = 256;
/// The chunks as a receipt has them: so few that each has about `rows_per_chunk` rows, but a power of two; none without
/// rows. Two sets of rows with equal keys have equal chunks.
std::vector<Chunk> folded(const std::vector<Chunk>& chunks);
inline constexpr std::uint64_t rows_per_chunk = 256;
/// The same for a number of chunks that is given: a power of two up to `chunks_kept`.
std::vector<Chunk> folded(const std::vector<Chunk>& chunks, std::size_t count);

}  // namespace twoway
