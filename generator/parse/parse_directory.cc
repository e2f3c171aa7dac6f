#include <fmt/format.h>

#include <string>

#include "generator/parse/canonical.h"
#include "generator/parse/parse.h"
#include "generator/parse/yaml_reader.h"
#include "generator/source/load.h"
#include "generator/source/sha256.h"

namespace twowayc {
namespace {

/// Reads one file after the other and gathers what the digest is made from.
class DirectoryParser {
 public:
  DirectoryParser(const std::filesystem::path& directory, SourceSet& sources, DiagnosticSink& sink)
      : directory_(directory), sources_(sources), sink_(sink) {}

  syntax::Mapping parse() {
    syntax::Mapping result;
    if (const auto root = read("mapping.yaml", {})) {
      result.mapping = parse_mapping_file(*root, sink_);
      if (const auto schema = read_schema(result.mapping.sql)) result.schema = parse_schema_file(*schema, sink_);
    }
    for (const std::string& path : list_entity_files(directory_, sink_)) {
      const auto root = read(path, {});
      if (!root) continue;
      result.entities.push_back(parse_entity_file(*root, sink_));
      result.entities.back().file = root->position.file;
    }
    result.digest = sha256_hexadecimal(canonical_);
    return result;
  }

 private:
  std::optional<Node> read(const std::string& relative, Position named_at) {
    const auto file = load_file(directory_, relative, named_at, sources_, sink_);
    if (!file) return std::nullopt;
    std::optional<Node> root = read_yaml(*file, sources_, sink_);
    if (root) canonical_ += fmt::format("{}\n{}\n", relative, canonical_text(*root));
    return root;
  }

  std::optional<Node> read_schema(const syntax::Text& path) {
    if (path.value.empty()) return std::nullopt;
    const std::filesystem::path normal = std::filesystem::path(path.value).lexically_normal();
    if (normal.is_absolute() || normal.begin()->string() == "..") {
      sink_.error(DiagnosticId::file_outside, path.position, "the path leads out of the mapping's folder")
          .with_hint("keep the schema beside the mapping, as sql/NAME.yaml");
      return std::nullopt;
    }
    return read(normal.generic_string(), path.position);
  }

  const std::filesystem::path& directory_;
  SourceSet& sources_;
  DiagnosticSink& sink_;
  std::string canonical_;
};

}  // namespace

std::optional<syntax::Mapping> parse_directory(const std::filesystem::path& directory, SourceSet& sources,
                                               DiagnosticSink& sink) {
  const std::size_t errors_before = sink.error_count();
  std::error_code error;
  if (!std::filesystem::is_directory(directory, error)) {
    sink.error_at_path(DiagnosticId::directory_unreadable, directory.generic_string(),
                       error ? error.message() : "not a directory");
    return std::nullopt;
  }
  syntax::Mapping mapping = DirectoryParser(directory, sources, sink).parse();
  if (sink.error_count() != errors_before) return std::nullopt;
  return mapping;
}

}  // namespace twowayc
