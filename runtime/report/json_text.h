// JSON for people and machines: two blanks of indentation, a line feed at the end.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

namespace twoway::report {

/// The document, indented; lists and objects without members stay on one line.
std::string pretty(const boost::json::value& document);

}  // namespace twoway::report
