#include <fmt/format.h>

#include "generator/cli/commands.h"
#include "generator/cli/compiled.h"
#include "generator/emit/emit.h"

namespace twowayc {
namespace {

/// Says what is stale, and how to refresh it.
int check(const MappingModel& model, const FileTree& tree, const std::string& mapping, const std::string& out) {
  const std::vector<std::string> differences = compare_tree(out, tree);
  for (const std::string& difference : differences) fmt::print("{}\n", difference);
  if (differences.empty()) {
    fmt::print("{}: {} files are up to date\n", model.name, tree.size());
    return done;
  }
  fmt::print(stderr, "{} is stale: {} of {} files\nhint: twowayc build {} --out {}\n", out, differences.size(),
             tree.size(), mapping, out);
  return findings;
}

}  // namespace

int run_build(const std::string& mapping, const std::string& out, bool check_only) {
  const std::optional<MappingModel> model = compiled(mapping);
  if (!model) return wrong;
  const FileTree tree = emit(*model);
  if (check_only) return check(*model, tree, mapping, out);
  const WriteCounts counts = write_tree(out, tree);
  for (const std::string& path : counts.kept) {
    fmt::print(stderr, "warning: {} is no longer generated, but somebody has edited it; it stays\n", path);
  }
  fmt::print("{}: {} entities, {} files: {} written, {} unchanged, {} removed\n", model->name, model->entities.size(),
             tree.size(), counts.written, counts.unchanged, counts.removed);
  return done;
}

}  // namespace twowayc
