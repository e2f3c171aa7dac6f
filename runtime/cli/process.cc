// run() of a real process: its streams, its signals and the real actions. Alone in its file, so that tests of the
// command line need not be linked with the migrator.
#include "runtime/cli/cli.h"

namespace twoway::cli {

int run(const Mapping& mapping, int argc, char** argv) {
  const Actions actions{.plan = twoway::plan,
                        .migrate = twoway::migrate,
                        .verify = twoway::verify,
                        .prepare = twoway::prepare,
                        .restore = twoway::restore,
                        .retry = twoway::retry};
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  return run(mapping, actions, process_console(), arguments);
}

}  // namespace twoway::cli
