// The command line of a generated mapping.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "runtime/cli/console.h"
#include "runtime/migrate/migration.h"
#include "runtime/migrate/restore.h"
#include "runtime/model/entity.h"

namespace twoway::cli {

/// What the commands call. Tests put fakes here.
struct Actions {
  std::function<RunReport(const Mapping&, const RunOptions&)> plan;
  std::function<RunReport(const Mapping&, const RunOptions&)> migrate;
  std::function<RunReport(const Mapping&, const RunOptions&)> verify;
  std::function<std::string(const Mapping&, const std::string& store, const RunOptions&)> prepare;
  std::function<std::string(const RestoreOptions&)> restore;
  std::function<RunReport(const Mapping&, const std::string& from, const RunOptions&)> retry;
};

/// The real ones.
Actions process_actions();

/// Runs one command of this process; what main() returns.
int run(const Mapping& mapping, int argc, char** argv);

/// The same with other actions.
int run(const Mapping& mapping, const Actions& actions, int argc, char** argv);

/// The same with other streams, too. `arguments` is without the program's name. Returns the exit status.
int run(const Mapping& mapping, const Actions& actions, const Console& console,
        const std::vector<std::string>& arguments);

}  // namespace twoway::cli
