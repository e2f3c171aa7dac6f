#include "runtime/migrate/digest.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <charconv>

#include "runtime/store/attic_entries.h"

namespace twoway {

namespace {

/// A streaming hash; one per thread, because its state is large.
class Hash {
 public:
  Hash() { XXH3_128bits_reset(state()); }
  void value(const Value& value) {
    struct Head {
      std::uint64_t kind;
      std::uint64_t size_or_bits;
    } head{static_cast<std::uint64_t>(value.kind()), 0};
    switch (value.kind()) {
      case Kind::null: break;
      case Kind::integer: head.size_or_bits = static_cast<std::uint64_t>(value.as_integer()); break;
      case Kind::real: head.size_or_bits = std::bit_cast<std::uint64_t>(value.as_real()); break;
      case Kind::text:
      case Kind::blob: head.size_or_bits = value.bytes().size(); break;
    }
    XXH3_128bits_update(state(), &head, sizeof head);
    if (value.is_text() || value.is_blob()) XXH3_128bits_update(state(), value.bytes().data(), value.bytes().size());
  }
  Digest digest() {
    const XXH128_hash_t hash = XXH3_128bits_digest(state());
    return {hash.low64, hash.high64};
  }

 private:
  static XXH3_state_t* state() {
    thread_local XXH3_state_t* made = XXH3_createState();
    return made;
  }
};

/// One part of a key, behind the parts before it.
std::uint64_t hash_part(const Value& part, std::uint64_t before) {
  const std::uint64_t seed = before + static_cast<std::uint64_t>(part.kind());
  switch (part.kind()) {
    case Kind::null: return XXH3_64bits_withSeed(nullptr, 0, seed);
    case Kind::integer: {
      const std::int64_t number = part.as_integer();
      return XXH3_64bits_withSeed(&number, sizeof number, seed);
    }
    case Kind::real: {
      const double number = part.as_real();
      return XXH3_64bits_withSeed(&number, sizeof number, seed);
    }
    case Kind::text:
    case Kind::blob: return XXH3_64bits_withSeed(part.bytes().data(), part.bytes().size(), seed);
  }
  return seed;
}

}  // namespace

std::uint64_t key_hash(std::span<const Value> key) {
  std::uint64_t hash = 0;
  for (const Value& part : key) hash = hash_part(part, hash);
  return hash;
}

std::uint64_t key_hash(const Entity& entity, const void* row) {
  std::uint64_t hash = 0;
  for (const std::uint16_t index : entity.key) hash = hash_part(cell(row, entity.columns[index].offset), hash);
  return hash;
}

Digest row_digest(const Entity& entity, const void* row, std::span<const std::pair<std::string_view, Value>> unknown) {
  Hash hash;
  for (const Column& column : entity.columns) hash.value(cell(row, column.offset));
  for (const Join& join : entity.joins) hash.value(cell(row, join.marker_offset));
  using Unknown = std::pair<std::string_view, Value>;
  std::vector<const Unknown*> told;  // no memory is taken where there is none, which is the ordinary case
  for (const Unknown& one : unknown) {
    if (!one.second.is_null()) told.push_back(&one);
  }
  std::sort(told.begin(), told.end(), [](const Unknown* a, const Unknown* b) { return a->first < b->first; });
  for (const Unknown* one : told) {
    hash.value(Value::text(one->first));
    hash.value(one->second);
  }
  return hash.digest();
}

Digest record_digest(const Entity& entity, const void* record, const Value& residue, const Value& created) {
  Hash hash;
  for (const RecordField& field : entity.fields) {
    if (!field.insert_only) hash.value(cell(record, field.offset));
  }
  hash.value(residue);
  hash.value(created);
  return hash.digest();
}

TableDigester::TableDigester(const TableShape& shape) {
  for (std::size_t i = 0; i < shape.columns.size(); ++i) columns_.emplace_back(shape.columns[i].name, i);
  std::sort(columns_.begin(), columns_.end());
}

Digest TableDigester::row(std::span<const Value> values) const {
  Hash hash;
  for (const auto& [name, index] : columns_) {
    hash.value(Value::text(name));
    hash.value(values[index]);
  }
  return hash.digest();
}

TableDigester::TableDigester(const TableShape& shape, const std::vector<std::string>& chunk_key)
    : TableDigester(shape) {
  for (const std::string& column : chunk_key) {
    const std::size_t index = shape.index_of(column);
    if (index < shape.columns.size()) key_.push_back(index);
  }
}

std::uint64_t TableDigester::key_hash(std::span<const Value> values, const Digest& row) const {
  if (key_.empty()) return row.low;
  std::uint64_t hash = 0;
  for (const std::size_t index : key_) hash = hash_part(values[index], hash);
  return hash;
}

Digest values_digest(const std::vector<std::pair<std::string, std::string>>& values, bool with_place) {
  std::vector<const std::pair<std::string, std::string>*> sorted;
  for (const auto& value : values) {
    if (with_place || value.first != attic_entry::rowid_name) sorted.push_back(&value);
  }
  std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
  Hash hash;
  for (const auto* value : sorted) {
    hash.value(Value::text(value->first));
    hash.value(Value::text(value->second));
  }
  return hash.digest();
}

void add(Digest& sum, const Digest& row) {
  sum.low += row.low;
  sum.high += row.high + (sum.low < row.low ? 1 : 0);
}

namespace {

void add_to(std::vector<Chunk>& chunks, std::size_t index, const Chunk& more) {
  if (chunks.empty()) chunks.resize(chunks_kept);
  chunks[index].rows += more.rows;
  add(chunks[index].digest, more.digest);
}

/// The first bits of a hash, so that neighbours fold into one.
std::size_t chunk_of(std::uint64_t key_hash) {
  constexpr int bits = 8;
  static_assert(chunks_kept == std::size_t{1} << bits);
  return static_cast<std::size_t>(key_hash >> (64 - bits));
}

}  // namespace

void RowSums::add(std::uint64_t key_hash, const Digest& row) {
  twoway::add(digest, row);
  add_to(chunks, chunk_of(key_hash), {1, row});
}

void RowSums::add(const RowSums& other) {
  twoway::add(digest, other.digest);
  for (std::size_t i = 0; i < other.chunks.size(); ++i) add_to(chunks, i, other.chunks[i]);
}

void add_row(EntityReport& report, std::uint64_t key_hash, const Digest& row) {
  add(report.digest, row);
  add_to(report.chunks, chunk_of(key_hash), {1, row});
}

void add_rows(EntityReport& report, const RowSums& rows) {
  add(report.digest, rows.digest);
  for (std::size_t i = 0; i < rows.chunks.size(); ++i) add_to(report.chunks, i, rows.chunks[i]);
}

void set_rows(EntityReport& report, RowSums rows) {
  report.digest = rows.digest;
  report.chunks = std::move(rows.chunks);
}

std::vector<Chunk> folded(const std::vector<Chunk>& chunks, std::size_t count) {
  std::vector<Chunk> result(count);
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    Chunk& part = result[i * count / chunks.size()];
    part.rows += chunks[i].rows;
    add(part.digest, chunks[i].digest);
  }
  return result;
}

std::vector<Chunk> folded(const std::vector<Chunk>& chunks) {
  std::uint64_t rows = 0;
  for (const Chunk& chunk : chunks) rows += chunk.rows;
  if (rows == 0) return {};
  std::size_t count = 1;
  while (count < chunks_kept && count * rows_per_chunk < rows) count *= 2;
  return folded(chunks, count);
}

Digest Digest::of(std::string_view text) {
  Digest digest;
  constexpr std::size_t half = 16;
  if (text.size() != 2 * half) return digest;
  const auto read = [](std::string_view digits, std::uint64_t& value) {
    return std::from_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr == digits.data() + half;
  };
  if (!read(text.substr(0, half), digest.high) || !read(text.substr(half), digest.low)) return {};
  return digest;
}

std::string Digest::text() const { return fmt::format("{:016x}{:016x}", high, low); }

}  // namespace twoway
