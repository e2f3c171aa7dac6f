// A place in a mapping file.
#pragma once

#include <cstddef>
#include <cstdint>

namespace twowayc {

/// Where something stands: a file (index into SourceSet), byte offset, and 1-based line and column (column counts
/// bytes).
struct Position {
  std::uint32_t file = 0;
  std::uint32_t line = 0;    ///< 1-based; 0: nowhere
  std::uint32_t column = 0;  ///< 1-based, in bytes
  bool known() const { return line != 0; }
};

}  // namespace twowayc
