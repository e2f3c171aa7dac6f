// The rows that a run left behind, tried again.
#pragma once

#include <filesystem>

#include "runtime/migrate/migration.h"

namespace twoway {

/// Carries the rows that `file` names (empty: none) and those that wait beside the target's tables. `options` name both
/// stores and the state directory.
RunReport retry_rows(const Mapping& mapping, const RunOptions& options, const std::filesystem::path& file);

}  // namespace twoway
