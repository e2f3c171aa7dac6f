// Entries of the side table's documents: what PocketBase showed, and for which SQL value.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "runtime/transform/residue.h"

namespace twoway::side_entry {

// A document is what ResidueWriter writes. Its entries are, by name:
//   id        the tagged id of the record, where it is not the encoding of the row's key
//   FIELD     16 hex digits, `:`, tagged value: what the field shows as long as the SQL value has this hash
// The hash is XXH3-64 of the value's bytes (integers and reals: 8 bytes, least first), seeded by its storage class.
// What is hashed and what is kept, per sort of field:
//   a lens           the column's value; the field's value
//   a reference      the target's key, encoded as a record id; the key shown, encoded, or '' for the empty relation
//   a mirror         the array's text (the whole document where it has none); a JSON array of encoded keys
//   e-mail + login   the column's value; entries `email` and `email.login`
//   derived          the computed text; the field's value
//   only in PocketBase   NULL; the field's value (`created` too)
inline constexpr std::string_view record_id_name = "id";
inline constexpr std::string_view created_name = "created";
inline constexpr std::string_view login_suffix = ".login";

/// The hash of a SQL value.
std::uint64_t hash(const Value& value);

/// Adds an entry: `name` shows `shown` while the SQL value is `held`.
void add(ResidueWriter& side, std::string_view name, const Value& held, const Value& shown);

/// What an entry says is shown, if the SQL value is still the one it was written for.
std::optional<Value> shown(const Residue& side, std::string_view name, const Value& held, Arena& arena);

/// True if every entry has the form above.
bool well_formed(const Residue& side, Arena& arena);

/// The record id in a side document, for stores, which look up records by it. nullopt: the key's encoding is the id.
std::optional<std::string_view> record_id(const Residue& side, Arena& arena);
std::optional<std::string_view> record_id(const Value& document, Arena& arena);

}  // namespace twoway::side_entry
