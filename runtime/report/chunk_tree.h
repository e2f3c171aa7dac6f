// The tree of SHA-256 hashes over an entity's chunks and over all entities. docs/receipt.md defines it exactly.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/migrate/migration.h"

namespace twoway::report {

/// The root of a tree over texts, in their order: a leaf is SHA-256 of the byte 0 and the text, a node SHA-256 of the
/// byte 1 and its two children; where one is left over it stands in the row above as it is. 64 hexadecimal digits;
/// empty where there is no text.
std::string tree_root(const std::vector<std::string>& texts);

/// `251 9f3a...`: the number of rows and the digest of each chunk, as a receipt lists them.
std::vector<std::string> chunk_texts(const EntityReport& entity);
std::string chunk_text(const Chunk& chunk);

/// The name under which an entity's root goes into the tree: `attic/NAME` for an unknown table; made printable.
std::string tree_name(const EntityReport& entity);
/// The root over an entity's chunks; empty where it has no rows.
std::string entity_root(const EntityReport& entity);
/// The root over `NAME ROOT` of all entities that have rows, sorted by bytes.
std::string rows_root(const RunReport& report);

}  // namespace twoway::report
