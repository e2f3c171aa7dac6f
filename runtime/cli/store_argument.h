// STORE on the command line -> the path that the runtime opens.
#pragma once

#include <string>
#include <string_view>

namespace twoway::cli {

/// Accepts a path and SQLAlchemy's `sqlite:///relative` and `sqlite:////absolute`. Throws Error (cannot_start) for
/// anything else and says what this version supports. No message repeats what a URL may hide (a password).
std::string store_path(std::string_view argument);

/// Where backups and receipts of a target go: `TARGET.twoway` beside it.
std::string default_state_directory(const std::string& target);

}  // namespace twoway::cli
