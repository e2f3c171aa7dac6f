// The built-in lenses. This table is all that the generator knows of runtime/lens/; a test compares the two.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "generator/model/mapping_model.h"

namespace twowayc {

/// One entry for each lens of docs/mapping-language.md, sorted by name. `reference` and `same_as` have no struct and no
/// header: they need other rows or columns and are methods of the transform.
std::span<const Lens> built_in_lenses();

/// The built-in lens of that name, or nullptr.
const Lens* find_built_in_lens(std::string_view name);

}  // namespace twowayc
