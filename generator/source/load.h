// Reads the files of a mapping's folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/source/diagnostic.h"
#include "generator/source/source_set.h"

namespace twowayc {

inline constexpr std::size_t largest_mapping_file = 4U << 20;  ///< bytes

/// Reads `directory/relative` into the set. Missing, unreadable, too large, not UTF-8 or with a NUL byte: a diagnostic
/// at `named_at` (where the mapping names the file; unknown for files with a fixed name) and nothing.
std::optional<std::uint32_t> load_file(const std::filesystem::path& directory, const std::string& relative,
                                       Position named_at, SourceSet& sources, DiagnosticSink& sink);

/// The entity files of a mapping, `entities/NAME.yaml`, sorted. Other files there are errors, hidden ones are ignored.
std::vector<std::string> list_entity_files(const std::filesystem::path& directory, DiagnosticSink& sink);

/// The path that generated files print, whatever the place of the build: the folder's name below its parent's.
std::string printed_directory(const std::filesystem::path& directory);

/// The last part of the folder's path, also for "." and paths with a slash at the end.
std::string folder_name(const std::filesystem::path& directory);

}  // namespace twowayc
