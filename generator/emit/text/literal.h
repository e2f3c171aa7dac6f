// Text of the mapping as it stands in generated files of each language.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "generator/model/mapping_model.h"

namespace twowayc {

/// A C++ expression of type std::string_view (a string literal unless there is a NUL in it).
std::string cpp_text(std::string_view text);
/// Text for a C++ or JavaScript line comment: one line, nothing that a compiler would take for more.
std::string comment_text(std::string_view text);
/// A JSON string, which is a JavaScript string as well.
std::string json_text(std::string_view text);
/// Text in a cell of a Markdown table.
std::string markdown_text(std::string_view text);
/// Code in a cell of a Markdown table.
std::string markdown_code(std::string_view text);
/// A quoted SQL identifier.
std::string sql_name(std::string_view name);
/// A SQL string.
std::string sql_text(std::string_view text);

/// A C++ expression of type twoway::Value. `boolean` tells that the text `true` means 1.
std::string cpp_value(const Default& value, bool boolean);

/// `file:line` as it is printed in generated files; empty where the position is unknown.
std::string printed(const MappingModel& model, Position position);

/// Joins with a separator.
std::string joined(const std::vector<std::string>& parts, std::string_view separator);

}  // namespace twowayc
