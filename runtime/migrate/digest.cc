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

}  // namespace

Digest row_digest(const Entity& entity, const void* row, std::span<const std::pair<std::string_view, Value>> unknown) {
  Hash hash;
  for (const Column& column : entity.columns) hash.value(cell(row, column.offset));
  for (const Join& join : entity.joins) hash.value(cell(row, join.marker_offset));
  for (const auto& [name, value] : unknown) {
    hash.value(Value::text(name));
    hash.value(value);
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
