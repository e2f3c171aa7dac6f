// STORE on the command line -> the path or URL that the runtime opens.
#pragma once

#include <string>
#include <string_view>

namespace twoway::cli {

/// Accepts a path, SQLAlchemy's `sqlite:///relative` and `sqlite:////absolute`, and URLs of PostgreSQL and PocketBase,
/// which stay as they are; `env:NAME` is what the environment has under that name. Throws Error (cannot_start) for
/// anything else and says what there is. No message repeats what a URL may hide (a password).
std::string store_path(std::string_view argument);

/// True for a store that is reached over the network.
bool is_url(const std::string& store);

/// Where backups and receipts of a target go: `TARGET.twoway` beside it; for a URL, a name made of host, port and
/// database in the working directory.
std::string default_state_directory(const std::string& target);

}  // namespace twoway::cli
