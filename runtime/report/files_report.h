// What became of files, in each form of a receipt.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "runtime/migrate/migration.h"

namespace twoway::report {

/// `mode` and `fields`, one for each field that holds files.
boost::json::object files_object(const RunReport& report);
/// A line for each field with files; empty where there are none.
std::string files_text(const RunReport& report);
/// A table; empty where there are none.
std::string files_table(const RunReport& report);

}  // namespace twoway::report
