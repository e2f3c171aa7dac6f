// Writes a mapping anew with its keys in another order and its comments gone.
#pragma once

#include <cstdint>
#include <filesystem>

namespace twowayc {

/// Copies all YAML files. Keeps the order of lists and of the columns of SQL tables, which have one; draws all others.
void write_shuffled(const std::filesystem::path& from, const std::filesystem::path& to, std::uint32_t seed);

}  // namespace twowayc
