// What to write into the mapping, so that it fits what was found.
#pragma once

#include "runtime/drift/drift.h"
#include "runtime/store/live_schema.h"

namespace twoway::drift {

/// Fills report.suggestions from its differences. Nothing is suggested for what comes from age alone.
void suggest_for_sql(const Mapping& mapping, const LiveSchema& live, Report& report);
void suggest_for_pocketbase(const Mapping& mapping, Report& report);

}  // namespace twoway::drift
