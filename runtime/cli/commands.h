// What each command does between the parsed options and the exit status.
#pragma once

#include "runtime/cli/cli.h"
#include "runtime/cli/options.h"

namespace twoway::cli {

/// All that a command has to do with.
struct Session {
  const Mapping& mapping;
  const Actions& actions;
  const Console& console;
  const Options& options;
};

/// Runs the command. Throws Error.
ExitStatus execute(const Session& session);

}  // namespace twoway::cli
