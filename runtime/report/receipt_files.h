// Receipts on disk: written whole or not at all, and never over an older one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/migrate/migration.h"
#include "runtime/report/receipt_json.h"

namespace twoway::report {

/// Where a receipt was put.
struct ReceiptPaths {
  std::string json;   ///< `DIRECTORY/receipt.json`, the latest one
  std::string html;   ///< `DIRECTORY/receipt.html`, the latest one
  std::string kept_json;  ///< `DIRECTORY/receipt-20261121T120000Z.json`, never overwritten
  std::string kept_html;
};

/// Writes both forms into `directory` (made where it is missing), each under its lasting name and as the latest.
/// Throws Error where the disk refuses.
ReceiptPaths write_receipts(const RunReport& report, const ReceiptContext& context, const std::string& directory);

/// Writes one form to `path`: the page where it ends in `.html`, else JSON. Replaces what is there.
void write_receipt_to(const RunReport& report, const ReceiptContext& context, const std::string& path);

/// Writes `content` to a new file beside `path`, flushes it to the disk and renames it to `path`. Where `replace` is
/// false and `path` exists, nothing is written and the answer is false. Throws Error where the disk refuses.
bool write_atomically(const std::string& path, std::string_view content, bool replace);

}  // namespace twoway::report
