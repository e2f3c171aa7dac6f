// The receipt for people: one page that needs nothing else, on a screen, light or dark, and on paper.
#pragma once

#include <string>
#include <string_view>

#include "runtime/migrate/migration.h"
#include "runtime/report/receipt_json.h"

namespace twoway::report {

/// The page. No script, no address, no font from elsewhere; every foreign text is escaped. Well-formed as XML, too.
std::string receipt_html(const RunReport& report, const ReceiptContext& context);

}  // namespace twoway::report
