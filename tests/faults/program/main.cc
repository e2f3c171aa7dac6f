// The command line over the small mapping, as `twoway` has it, but for the size of its batches: a small migration has
// many of them here.
#include "library_mapping/mapping.h"
#include "runtime/cli/cli.h"

namespace {

twoway::RunReport migrate_in_small_batches(const twoway::Mapping& mapping, const twoway::RunOptions& options) {
  twoway::RunOptions small = options;
  small.batch_bytes = 600;
  return twoway::migrate(mapping, small);
}

}  // namespace

int main(int argc, char** argv) {
  twoway::cli::Actions actions = twoway::cli::process_actions();
  actions.migrate = migrate_in_small_batches;
  return twoway::cli::run(twoway::library::mapping(), actions, argc, argv);
}
