// Commands that look after one store: health, backfill.
#pragma once

#include "runtime/cli/commands.h"

namespace twoway::cli {

ExitStatus health(const Session& session);
ExitStatus backfill(const Session& session);

}  // namespace twoway::cli
