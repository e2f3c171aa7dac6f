// The mappings that the emitters are tried with.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

#include "generator/plan/compile.h"
#include "tests/support/places.h"

namespace twowayc::test {

inline std::filesystem::path library_directory() { return twoway::test::source_directory() / "tests/library"; }
inline std::filesystem::path flagship_directory() {
  return twoway::test::source_directory() / "mapping/openwebui-pocketbase";
}

/// The model of a mapping without errors.
inline MappingModel compiled(const std::filesystem::path& directory) {
  DiagnosticSink sink;
  SourceSet sources;
  auto model = compile(directory, sink, sources);
  if (!model) throw std::runtime_error(sink.print(sources));
  return std::move(*model);
}

}  // namespace twowayc::test
