// "Did you mean ...?"
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace twowayc {

/// In lower case, as far as ASCII goes: SQL and PocketBase compare names so.
std::string lower_case(std::string_view text);

/// Edits (insert, delete, replace, swap of neighbours) that turn one text into the other; case counts.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to `wrong`, if it is near enough to be what was meant; of equals the first by name.
std::optional<std::string> nearest_name(std::string_view wrong, std::span<const std::string> candidates);

}  // namespace twowayc
