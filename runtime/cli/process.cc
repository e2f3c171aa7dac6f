// run() of a real process: its streams, its signals and the real actions. Alone in its file, so that tests of the
// command line need not be linked with the migrator.
#include "runtime/cli/cli.h"

#include <new>

#include "runtime/lens/json_document.h"
#include "runtime/model/memory.h"

namespace twoway::cli {

namespace {

/// What libraries make at their first use, they make now, when nothing is at stake: where memory fails meanwhile, they
/// end the program.
void use_libraries_once() {
  static_cast<void>(json_document::check(R"(["→ simdjson chooses its instructions, and the scanner has its memory"])"));
}

}  // namespace

Actions process_actions() {
  return {.plan = twoway::plan,
          .migrate = twoway::migrate,
          .verify = twoway::verify,
          .prepare = twoway::prepare,
          .restore = twoway::restore,
          .retry = twoway::retry};
}

int run(const Mapping& mapping, const Actions& actions, int argc, char** argv) {
  const Console console = process_console();
  try {
    use_libraries_once();
    return run(mapping, actions, console, std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
  } catch (const std::bad_alloc&) {
    console.err << "error: " << not_enough_memory << "\nhint: " << not_enough_memory_hint << "\n";
    return static_cast<int>(ExitStatus::cannot_start);
  }
}

int run(const Mapping& mapping, int argc, char** argv) { return run(mapping, process_actions(), argc, argv); }

}  // namespace twoway::cli
