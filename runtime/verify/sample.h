// Rows chosen at random for human eyes. What chooses is a hash of the key and a seed: the same seed chooses the same
// rows on either side and in any order, in one pass, and holds no more than the rows that it chose.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/migrate/migration.h"
#include "runtime/model/entity.h"
#include "runtime/store/tables.h"
#include "runtime/verify/compare.h"

namespace twoway {

/// A seed that no one chose; never 0.
std::uint64_t random_seed();

/// Deals `rows` out to entities, evenly as far as each has that many; `have` is how many each has. Which ones get one
/// more than others is decided by the seed.
std::vector<std::size_t> deal(std::size_t rows, std::uint64_t seed, std::span<const std::uint64_t> have);

/// Chooses `size` of the rows that it is shown.
class Sample {
 public:
  Sample(std::size_t size, std::uint64_t seed) : size_(size), seed_(seed) {}
  /// True where the row with this key is among the chosen ones so far.
  bool wants(std::uint64_t key_hash) const {
    return size_ > 0 && (rows_.size() < size_ || priority(key_hash) < rows_.rbegin()->first);
  }
  /// Takes a row that it wants, and gives up one that it does not want any more.
  void take(std::uint64_t key_hash, SampleRow row);
  /// The chosen rows, in the order of chance.
  void give(std::vector<SampleRow>& out);

 private:
  std::uint64_t priority(std::uint64_t key_hash) const;

  std::size_t size_;
  std::uint64_t seed_;
  std::multimap<std::uint64_t, SampleRow> rows_;
};

/// A value for human eyes: text is shown, shortened to a line's width; `secret` covers all but the length.
std::string shown(const Value& value, bool secret);

/// The row and its record side by side, column by column as `explain` lists them. Fields that PocketBase hides are
/// covered, and so are the columns that go into them. `record` or `row` may be null: that side has none.
SampleRow side_by_side(const Entity& entity, std::string_view key, const void* row, const UnknownValues& unknown,
                       const void* record, bool row_is_source);
/// Two rows of one table; the target's may be empty: there is none. What belongs to no entity is covered, because
/// nobody said what it holds.
SampleRow side_by_side(const Mapping& mapping, const TableShape& shape, std::string_view key,
                       std::span<const Value> source, std::span<const Value> target);
/// A record for human eyes, as the source's side; what the other side shows is added by the caller.
SampleRow sample_of(const Entity& entity, const void* record);

/// Columns of a SQL table that are covered, because a field that PocketBase hides holds them, or because the mapping
/// purges them; qualified for a joined table.
bool is_secret(const Entity& entity, std::string_view column);

}  // namespace twoway
