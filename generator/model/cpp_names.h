// All rules by which names of the mapping become names of C++.
#pragma once

#include <string>
#include <string_view>

namespace twowayc {

/// A member of a struct: "title", "auth_email" for "auth.email", "default_" for the keyword "default". What an
/// identifier cannot hold becomes '_', a digit in front gets one.
std::string cpp_member(std::string_view name);

/// The stem of an entity's types: "ChatMessage" for "chat_message".
std::string cpp_struct(std::string_view entity);

/// "openwebui_pocketbase" for "openwebui-pocketbase".
std::string cpp_namespace(std::string_view mapping);

/// The marker of a joined table in the row struct: "auth_exists".
std::string cpp_join_marker(std::string_view table);

}  // namespace twowayc
