// `twoway status`: what runs into a target have committed, from their journal.
#pragma once

#include <filesystem>
#include <string>

namespace twoway::cli {

/// The runs of a state directory, newest first; the newest one entity by entity. As text for people, or as JSON. Throws
/// Error(cannot_start) where there is no journal.
std::string status(const std::filesystem::path& state_directory, bool as_json, bool verbose);

}  // namespace twoway::cli
