// What a person reads on the terminal when a run has ended.
#pragma once

#include <string>

#include "runtime/migrate/migration.h"
#include "runtime/report/verdict.h"

namespace twoway::report {

struct SummaryOptions {
  bool verbose = false;        ///< every note, rejected row and difference, not the first few
  std::string receipt;         ///< where the receipt is; empty: there is none
};

/// A table of the entities that have rows, what a person should know, the verdict and where the receipt is.
std::string summary(const RunReport& report, Verb verb, const SummaryOptions& options);

}  // namespace twoway::report
