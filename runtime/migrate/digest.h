// Digests of rows: the same rows give the same digest, in whatever order they stand.
#pragma once

#include <span>
#include <string_view>
#include <utility>

#include "runtime/migrate/migration.h"
#include "runtime/model/entity.h"

namespace twoway {

/// XXH3-128 of the row's cells, each with its storage class and length, then of the unknown columns with their names.
Digest row_digest(const Entity& entity, const void* row,
                  std::span<const std::pair<std::string_view, Value>> unknown);
/// The digest of an attic row's tagged values.
Digest values_digest(std::span<const std::pair<std::string, std::string>> values);
/// Adds a row's digest to a sum (modulo 2^128): order does not matter, doubled rows do not cancel out.
void add(Digest& sum, const Digest& row);

}  // namespace twoway
