// JSON as PostgreSQL's type `json` takes it: the grammar of RFC 8259, any text of it kept to the byte.
#pragma once

#include <cstddef>
#include <string_view>

#include "runtime/transform/arena.h"

namespace twoway::postgresql {

/// Deepest nesting that we send. PostgreSQL's parser is recursive: with its default of 2 MB of stack (max_stack_depth),
/// PostgreSQL 15 on amd64 takes 12,000 levels and refuses 16,000; half of it leaves room for other builds.
inline constexpr std::size_t deepest_json = 6'000;

struct JsonFindings {
  bool valid = false;
  bool too_deep = false;     ///< valid as far as it was looked at
  /// Somewhere stands \u0000 or half of a surrogate pair. PostgreSQL stores it, and fails where it has to turn the
  /// document's parts into text.
  bool unspeakable = false;
};

/// Reads the text once; it must be UTF-8. Memory: a byte per level.
JsonFindings examine_json(std::string_view text);

/// A copy of a valid document in which each \u0000 and each half of a surrogate pair is \ufffd.
std::string_view speakable_json(std::string_view text, Arena& arena);

}  // namespace twoway::postgresql
