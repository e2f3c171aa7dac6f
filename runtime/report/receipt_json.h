// The receipt for machines; docs/receipt.md describes each member.
#pragma once

#include <string>
#include <string_view>

#include "runtime/migrate/migration.h"
#include "runtime/report/verdict.h"

namespace twoway::report {

/// What a receipt says that the run's report does not know.
struct ReceiptContext {
  Verb verb = Verb::migrate;
  std::string_view program_version;
  /// Rows that were chosen for human eyes go along: on standard output only, never into a file.
  bool with_samples = false;
};

/// The receipt as a JSON document, format 1. Text is made printable; no value of any row is in it but what
/// `Difference` already shortened, and samples where they were asked for.
std::string receipt_json(const RunReport& report, const ReceiptContext& context);

}  // namespace twoway::report
