#include "generator/plan/compile.h"

#include "generator/check/check.h"
#include "generator/parse/parse.h"
#include "generator/plan/plan.h"
#include "generator/resolve/resolve.h"
#include "generator/source/load.h"

namespace twowayc {

std::optional<MappingModel> compile(const std::filesystem::path& mapping_directory, DiagnosticSink& sink,
                                    SourceSet& sources) {
  const std::size_t errors_before = sink.error_count();
  const auto syntax = parse_directory(mapping_directory, sources, sink);
  if (!syntax) return std::nullopt;
  const MappingPlace place{folder_name(mapping_directory), printed_directory(mapping_directory)};
  Resolution resolution = resolve(*syntax, place, sources, sink);
  check(resolution, syntax->mapping, sink);
  plan(resolution, syntax->mapping, sink);
  if (sink.error_count() != errors_before) return std::nullopt;
  return std::move(resolution.model);
}

}  // namespace twowayc
