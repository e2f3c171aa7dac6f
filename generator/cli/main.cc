// twowayc: the compiler of mappings.
#include <exception>
#include <filesystem>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "generator/cli/vet.h"
#include "generator/emit/emit.h"
#include "generator/emit/output/manifest.h"
#include "generator/plan/compile.h"

namespace twowayc {
namespace {

// Exit statuses.
constexpr int done = 0;
constexpr int findings = 1;
constexpr int wrong = 2;

/// Compiles and prints what there is to say about the mapping.
std::optional<MappingModel> compiled(const std::string& mapping) {
  DiagnosticSink sink;
  SourceSet sources;
  std::optional<MappingModel> model = compile(mapping, sink, sources);
  fmt::print(stderr, "{}", sink.print(sources));
  return model;
}

int check(const FileTree& tree, const std::string& out) {
  const std::vector<std::string> differences = compare_tree(out, tree);
  for (const std::string& difference : differences) fmt::print("{}\n", difference);
  if (differences.empty()) {
    fmt::print("{} files are up to date\n", tree.size());
    return done;
  }
  fmt::print(stderr, "{} is stale; run twowayc build without --check\n", out);
  return findings;
}

int build(const std::string& mapping, const std::string& out, bool check_only) {
  const std::optional<MappingModel> model = compiled(mapping);
  if (!model) return wrong;
  const FileTree tree = emit(*model);
  if (check_only) return check(tree, out);
  const WriteCounts counts = write_tree(out, tree);
  for (const std::string& path : counts.kept) {
    fmt::print(stderr, "warning: {} is no longer generated, but somebody has edited it; it stays\n", path);
  }
  fmt::print("{}: {} entities, {} files: {} written, {} unchanged, {} removed\n", model->name, model->entities.size(),
             tree.size(), counts.written, counts.unchanged, counts.removed);
  return done;
}

int vet(const std::string& mapping) {
  const std::optional<MappingModel> model = compiled(mapping);
  if (!model) return wrong;
  const VetReport report = vet(*model);
  fmt::print("{}", report.text);
  return report.findings == 0 ? done : findings;
}

int run(int argc, char** argv) {
  CLI::App app("Compiles a mapping into C++ migrators, PocketBase migrations and pages.", "twowayc");
  app.set_version_flag("--version", std::string(generator_version));
  app.require_subcommand(1);
  std::string mapping;
  std::string out;
  bool check_only = false;
  CLI::App* build_command = app.add_subcommand("build", "Generate everything that follows from a mapping");
  build_command->add_option("MAPPING_DIR", mapping, "Folder with mapping.yaml")->required();
  build_command->add_option("--out", out, "Folder for the generated files")->required();
  build_command->add_flag("--check", check_only, "Write nothing; status 1 if what is there is stale");
  CLI::App* vet_command = app.add_subcommand("vet", "List what a reviewer of the mapping should look at");
  vet_command->add_option("MAPPING_DIR", mapping, "Folder with mapping.yaml")->required();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? done : wrong;
  }
  return build_command->parsed() ? build(mapping, out, check_only) : vet(mapping);
}

}  // namespace
}  // namespace twowayc

int main(int argc, char** argv) {
  try {
    return twowayc::run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "twowayc: {}\n", error.what());
    return 2;
  }
}
