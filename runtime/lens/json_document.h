// What PocketBase does to a JSON document: keeps it to the byte, or damages it, and what the repaired one looks like.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace twoway::json_document {

/// Deepest nesting of a document. Go's encoding/json stops at 10,000, and PocketBase's answers wrap a document in a few
/// levels more: a page of records, each of them expanded over up to six relations.
inline constexpr std::size_t deepest = 9'950;

enum class Verdict : std::uint8_t {
  kept,     ///< PocketBase stores it to the byte and saves it again
  damaged,  ///< it would be changed or refused; `repaired` says the nearest that is kept
  invalid,  ///< no JSON
};

/// `kept` takes valid RFC 8259 in valid UTF-8 without white space around it, without an object that has a key twice
/// (escapes read), without lone surrogates, without numbers beyond a double's range, and not too deep. In documents
/// that are not kept only the first trouble is looked for, so `damaged` may still turn out to be beyond repair.
/// Reads the text once and keeps nothing of it; memory goes with the keys of the objects that are open at once.
Verdict check(std::string_view text);

/// The document with as little changed as possible: white space around it cut off; of members with the same key the
/// last one; U+FFFD for lone surrogates and for bytes that are not UTF-8; null for NaN, Infinity, -Infinity and numbers
/// beyond a double's range. nullopt where the text is no JSON even so.
std::optional<std::string> repaired(std::string_view text);

}  // namespace twoway::json_document
