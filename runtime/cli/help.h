// The help texts. A test holds them against the options that options.cc declares.
#pragma once

#include <string>

#include "runtime/cli/options.h"
#include "runtime/model/entity.h"

namespace twoway::cli {

/// The text of `twoway --help` (Command::none) or of `twoway COMMAND --help`.
std::string help(const Mapping& mapping, Command command);

}  // namespace twoway::cli
