// What an allocation that failed is called, wherever it is noticed.
#pragma once

#include <string_view>

namespace twoway {

inline constexpr std::string_view not_enough_memory = "there is not enough memory";
inline constexpr std::string_view not_enough_memory_hint =
    "A run needs about 64 MiB and four times its largest row. Make room and run the same command again.";

}  // namespace twoway
