#include "generator/emit/text/raw_string.h"

#include <cstddef>

#include <fmt/format.h>

namespace twowayc {
namespace {

constexpr std::size_t longest_literal = 12000;

/// The length of the next piece: whole lines as far as the limit goes, else as many whole characters.
std::size_t piece_length(std::string_view text) {
  if (text.size() <= longest_literal) return text.size();
  const std::size_t line = text.rfind('\n', longest_literal - 1);
  if (line != std::string_view::npos) return line + 1;
  std::size_t end = longest_literal;
  while (end > 1 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return end;
}

}  // namespace

std::string cpp_raw_string(std::string_view text, std::string_view delimiter) {
  std::string mark(delimiter);
  while (text.find(")" + mark + "\"") != std::string_view::npos) mark += '_';
  std::string out;
  do {
    const std::size_t length = piece_length(text);
    if (!out.empty()) out += '\n';
    out += fmt::format("R\"{0}({1}){0}\"", mark, text.substr(0, length));
    text.remove_prefix(length);
  } while (!text.empty());
  return out;
}

}  // namespace twowayc
