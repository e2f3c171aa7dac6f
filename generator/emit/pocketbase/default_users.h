// The collection `users` as PocketBase 0.40 makes it in every new installation.
#pragma once

#include <array>
#include <string_view>

namespace twowayc {

/// Its JSON, indented as an element of a list. Token secrets and mail templates are not in it: an import keeps them.
std::string_view default_users_object();

/// Its fields that are PocketBase's to give away: the others it holds in every auth collection.
struct DefaultField {
  std::string_view type;
  std::string_view name;
};
inline constexpr std::array<DefaultField, 4> default_users_fields = {
    {{"text", "name"}, {"file", "avatar"}, {"autodate", "created"}, {"autodate", "updated"}}};

}  // namespace twowayc
