// The list of what was generated, from what and by which version. It is what tells stale files from others' files.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "generator/emit/output/file_tree.h"
#include "generator/model/mapping_model.h"

namespace twowayc {

inline constexpr std::string_view manifest_name = "MANIFEST";
/// Raised when the same mapping gives other output.
inline constexpr std::string_view generator_version = "0.1.0";

/// The manifest of a tree (which does not hold it yet).
std::string manifest_of(const MappingModel& model, const FileTree& tree);

/// Path -> SHA-256 of each file that a manifest names. Lines that are no such entry, and paths that lead out of the
/// folder, are left out.
std::map<std::string, std::string> files_of_manifest(std::string_view manifest);

}  // namespace twowayc
