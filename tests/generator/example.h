// The mapping of the explanations, as files.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "generator/explain/explanation.h"
#include "tests/generator/files.h"

namespace twowayc {

inline constexpr std::string_view example_name = "shop";   ///< the folder must be called so

inline void write_example(const std::filesystem::path& directory) {
  for (const ExampleFile& file : example_mapping()) write_file(directory / file.path, file.text);
}

/// A file of the example mapping.
inline std::string example_text(std::string_view path) {
  for (const ExampleFile& file : example_mapping()) {
    if (file.path == path) return std::string(file.text);
  }
  return {};
}

}  // namespace twowayc
