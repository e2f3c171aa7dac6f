// `did you mean`.
#pragma once

#include <span>
#include <string_view>

namespace twoway::cli {

/// The name most like `wrong`, or nothing where none is like it.
std::string_view nearest(std::string_view wrong, std::span<const std::string_view> names);

}  // namespace twoway::cli
