#include "runtime/transform/side_entry.h"

#include <xxhash.h>

#include <bit>

namespace twoway::side_entry {
namespace {

constexpr std::size_t hash_digits = 16;

void write_hash(char* digits, std::uint64_t value) {
  for (std::size_t i = hash_digits; i-- > 0; value >>= 4) digits[i] = "0123456789abcdef"[value & 15];
}

}  // namespace

std::uint64_t hash(const Value& value) {
  const auto seed = static_cast<XXH64_hash_t>(value.kind());
  unsigned char bytes[8] = {};
  std::uint64_t bits = 0;
  switch (value.kind()) {
    case Kind::null: return XXH3_64bits_withSeed(bytes, 0, seed);
    case Kind::text:
    case Kind::blob: return XXH3_64bits_withSeed(value.bytes().data(), value.bytes().size(), seed);
    case Kind::integer: bits = static_cast<std::uint64_t>(value.as_integer()); break;
    case Kind::real: bits = std::bit_cast<std::uint64_t>(value.as_real()); break;
  }
  for (unsigned char& byte : bytes) {
    byte = static_cast<unsigned char>(bits & 255);
    bits >>= 8;
  }
  return XXH3_64bits_withSeed(bytes, sizeof bytes, seed);
}

void add(ResidueWriter& side, std::string_view name, const Value& held, const Value& shown) {
  char before[hash_digits + 1];
  write_hash(before, hash(held));
  before[hash_digits] = ':';
  side.add(name, shown, 0, {before, sizeof before});
}

std::optional<Value> shown(const Residue& side, std::string_view name, const Value& held, Arena& arena) {
  const std::string_view* entry = side.find(name);
  if (entry == nullptr || entry->size() <= hash_digits || (*entry)[hash_digits] != ':') return std::nullopt;
  char digits[hash_digits];
  write_hash(digits, hash(held));
  if (entry->substr(0, hash_digits) != std::string_view(digits, hash_digits)) return std::nullopt;
  return read_tagged(entry->substr(hash_digits + 1), arena);
}

bool well_formed(const Residue& side, Arena& arena) {
  for (const Residue::Entry& entry : side.entries()) {
    std::string_view text = entry.text;
    if (entry.name != record_id_name) {
      if (text.find_first_not_of("0123456789abcdef") != hash_digits || text[hash_digits] != ':') return false;
      text.remove_prefix(hash_digits + 1);
    }
    if (!read_tagged(text, arena)) return false;
  }
  return true;
}

std::optional<std::string_view> record_id(const Residue& side, Arena& arena) {
  const std::string_view* entry = side.find(record_id_name);
  if (entry == nullptr) return std::nullopt;
  const std::optional<Value> id = read_tagged(*entry, arena);
  if (!id || !id->is_text()) return std::nullopt;
  return id->bytes();
}

std::optional<std::string_view> record_id(const Value& document, Arena& arena) {
  Residue side;
  if (!side.parse(document, arena)) return std::nullopt;
  return record_id(side, arena);
}

}  // namespace twoway::side_entry
