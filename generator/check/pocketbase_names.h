// Which names PocketBase takes for collections and fields, and which ones it or twoway needs itself.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace twowayc {

inline constexpr std::size_t longest_collection_name = 255;
inline constexpr std::size_t longest_field_name = 100;

/// Why PocketBase refuses the name; empty if it does not.
std::string pocketbase_refusal(std::string_view name, std::size_t longest);

/// True for a collection that PocketBase or twoway brings along; case does not count. An auth collection may be
/// `users`.
bool is_reserved_collection(std::string_view name, bool auth);

/// True for a field that PocketBase or twoway needs itself; case does not count.
bool is_reserved_field(std::string_view name, bool auth);

}  // namespace twowayc
