// What receipts say of people, for machines and for people.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <vector>

#include "runtime/migrate/migration.h"

namespace twoway::report {

/// The member `people` of a receipt; null where the run says nothing of people.
boost::json::value people_value(const RunReport& report);

/// Lines for the summary: how many accounts, what becomes of them, where they are listed. Empty where there are none.
std::string people_lines(const RunReport& report);

/// The same as pairs of term and markup, for the page.
std::vector<std::pair<std::string, std::string>> people_facts(const RunReport& report);

}  // namespace twoway::report
