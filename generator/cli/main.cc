// twowayc: the compiler of mappings.
#include <exception>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "generator/cli/commands.h"
#include "generator/emit/output/manifest.h"

namespace twowayc {
namespace {

/// What the command line says.
struct Arguments {
  std::string mapping, out, against, store;
  bool check_only = false;
  std::vector<std::string> identifiers;
  bool as_markdown = false;
};

void add_mapping(CLI::App& command, Arguments& arguments) {
  command.add_option("MAPPING_DIR", arguments.mapping, "Folder with mapping.yaml")->required();
}

int run(int argc, char** argv) {
  CLI::App app("Compiles a mapping into C++ migrators, PocketBase migrations and pages.", "twowayc");
  app.set_version_flag("--version", std::string(generator_version));
  app.require_subcommand(1);
  Arguments arguments;
  CLI::App* build = app.add_subcommand("build", "Generate everything that follows from a mapping");
  add_mapping(*build, arguments);
  build->add_option("--out", arguments.out, "Folder for the generated files")->required();
  build->add_flag("--check", arguments.check_only, "Write nothing; status 1 if what is there is stale");
  CLI::App* init = app.add_subcommand("init", "Draft a mapping from a database that exists");
  init->add_option("STORE", arguments.store, "SQLite file, or postgresql://USER@HOST/DATABASE")->required();
  init->add_option("--out", arguments.out, "New folder for the mapping; its name becomes the mapping's")->required();
  CLI::App* vet = app.add_subcommand("vet", "List what a reviewer of the mapping should look at");
  add_mapping(*vet, arguments);
  CLI::App* breaking = app.add_subcommand("breaking", "Find what of an older mapping's data would not come back");
  add_mapping(*breaking, arguments);
  breaking->add_option("--against", arguments.against, "The older mapping: DIR, or git:REV")->required();
  CLI::App* manual = app.add_subcommand("manual", "Write an HTML page about a mapping, and a picture of its entities");
  add_mapping(*manual, arguments);
  manual->add_option("--out", arguments.out, "Folder for manual.html and entities.svg")->required();
  CLI::App* explain = app.add_subcommand("explain-error", "Explain diagnostics, with a bad and a good example");
  explain->add_option("ID", arguments.identifiers, "As printed in brackets; without one, all are listed");
  explain->add_flag("--markdown", arguments.as_markdown, "Print docs/diagnostics.md");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? done : wrong;
  }
  if (build->parsed()) return run_build(arguments.mapping, arguments.out, arguments.check_only);
  if (init->parsed()) return start_init(arguments.store, arguments.out);
  if (vet->parsed()) return run_vet(arguments.mapping);
  if (manual->parsed()) return run_manual(arguments.mapping, arguments.out);
  if (breaking->parsed()) return run_breaking(arguments.mapping, arguments.against);
  return run_explain(arguments.identifiers, arguments.as_markdown);
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
