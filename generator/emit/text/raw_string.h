// Long text as C++ raw string literals.
#pragma once

#include <string>
#include <string_view>

namespace twowayc {

/// Adjacent raw string literals, each shorter than the limits of the common compilers and cut at the end of a line.
/// `delimiter` is used where the text allows it. The text holds no carriage return and no NUL.
std::string cpp_raw_string(std::string_view text, std::string_view delimiter);

}  // namespace twowayc
