// Writing YAML that people like to read and that any text survives.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace twowayc {

/// The text as a scalar that may stand everywhere, also in flow maps and as a key: plain where it stays what it is,
/// else in double quotes.
std::string yaml_text(std::string_view text);

/// `[a, "b c"]`
std::string yaml_list(const std::vector<std::string>& texts);

/// The text as the value of a key that stands in a line of its own: a block of lines, `indent` deep, where it has
/// several and a block can hold them, else a scalar. Begins with a blank.
std::string yaml_block(std::string_view text, std::size_t indent);

/// `# text`, `indent` deep, with a line end; longer text goes on in further lines.
std::string yaml_comment(std::string_view text, std::size_t indent);

/// Text from a database as it can stand in a comment: control characters as blanks.
std::string in_comment(std::string_view text);

}  // namespace twowayc
