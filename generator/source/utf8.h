// The little of UTF-8 that a compiler needs: is it valid, and how wide is it.
#pragma once

#include <cstddef>
#include <string_view>

namespace twowayc {

/// Bytes of the valid UTF-8 sequence that `text` begins with; 0 if it begins with none. Surrogates, overlong forms and
/// code points beyond U+10FFFF are not valid.
std::size_t utf8_sequence_length(std::string_view text);

/// Offset of the first byte that is not part of a valid sequence; `text.size()` if there is none.
std::size_t first_invalid_utf8(std::string_view text);

/// Columns that the text takes in a terminal: wide East Asian characters and emoji take two, combining marks none.
std::size_t display_width(std::string_view text);

}  // namespace twowayc
