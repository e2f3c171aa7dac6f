// Writes a mapping anew: its comments gone, its keys in another order.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "generator/parse/node.h"

namespace twowayc {

/// Copies all YAML files. Keeps the order of lists and of the columns of SQL tables, which have one; draws all others.
void write_shuffled(const std::filesystem::path& from, const std::filesystem::path& to, std::uint32_t seed);

/// A YAML file that reads as this tree.
std::string yaml_text(const Node& root);

}  // namespace twowayc
