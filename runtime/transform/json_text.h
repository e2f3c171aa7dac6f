// Small pieces of JSON text: strings to write, strings to read, documents to compare.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "runtime/transform/arena.h"

namespace twoway::json_text {

/// Appends valid UTF-8 as the inside of a JSON string: quote, backslash and control characters are escaped.
void append_escaped(std::string& out, std::string_view bytes);

/// Appends valid UTF-8 as a JSON string, with its quotes.
void append_string(std::string& out, std::string_view bytes);

/// The bytes that a JSON string token (with its quotes) means. Points into the token where it has no escapes, else into
/// the arena. nullopt where it means no valid UTF-8 (a lone surrogate) or is no string.
std::optional<std::string_view> read_string(std::string_view token, Arena& arena);

/// True where two texts are the same document to a JSON client: members in any order, numbers as doubles, escapes and
/// white space ignored. False where one of them is no JSON. Meant for the rare field that has residue.
bool same_document(std::string_view a, std::string_view b);

}  // namespace twoway::json_text
