// Backing out of a migration: what the target held before the first write is put back.
#pragma once

#include <filesystem>
#include <string>

#include "runtime/migrate/migration.h"

namespace twoway {

struct RestoreOptions {
  /// A receipt (JSON) or a state directory, of which the newest run counts.
  std::filesystem::path from;
  /// The store, where the receipt or journal names one without its secrets: a URL. May be empty for files.
  std::string to;
  std::string credentials_file;
  std::string ca_file;
};

/// Puts the backup that a run made back in the place of its target. What stands there is moved aside first, never
/// deleted. A target that the run itself had made is moved aside, with nothing in its place. Returns what was done, for
/// people. Throws Error(cannot_start) where there is nothing to put back, where the backup is damaged, and where
/// another program has the target open.
std::string restore(const RestoreOptions& options);

}  // namespace twoway
