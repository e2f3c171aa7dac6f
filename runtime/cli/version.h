// The program's version. CMakeLists.txt says the same; a test compares them.
#pragma once

#include <string_view>

namespace twoway::cli {

inline constexpr std::string_view program_version = "0.1.0";

}  // namespace twoway::cli
