#include "generator/source/printer.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "generator/source/utf8.h"

namespace twowayc {
namespace {

constexpr std::size_t excerpt_width = 110;   ///< bytes of a source line that are shown at most
constexpr std::size_t context_before = 60;   ///< bytes before the token that a cut line keeps

/// Copies text for the terminal: control characters other than tab and broken UTF-8 become '?'.
std::string printable(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_sequence_length(text.substr(i));
    const auto byte = static_cast<unsigned char>(text[i]);
    if (length == 0 || (byte < 0x20 && byte != '\t') || byte == 0x7F) {
      result += '?';
      ++i;
    } else {
      result.append(text.substr(i, length));
      i += length;
    }
  }
  return result;
}

/// What stands under `text` so that the next character stands right: tabs stay tabs, the rest becomes blanks.
std::string blanks_under(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '\t') {
      result += '\t';
      ++i;
      continue;
    }
    const std::size_t length = std::max<std::size_t>(utf8_sequence_length(text.substr(i)), 1);
    result.append(display_width(text.substr(i, length)), ' ');
    i += length;
  }
  return result;
}

struct Excerpt {
  std::string_view text;    ///< part of the line
  std::size_t start = 0;    ///< offset of the token within the part
  std::size_t length = 1;   ///< of the token, as far as it is shown
  bool cut_before = false;
  bool cut_after = false;
};

/// Moves an offset back to the beginning of a UTF-8 sequence.
std::size_t sequence_start(std::string_view text, std::size_t offset) {
  while (offset > 0 && offset < text.size() && (static_cast<unsigned char>(text[offset]) & 0xC0) == 0x80) --offset;
  return offset;
}

Excerpt cut(std::string_view line, std::size_t start, std::size_t length) {
  Excerpt result{line, start, length, false, false};
  if (line.size() <= excerpt_width) return result;
  const std::size_t begin = start > context_before ? sequence_start(line, start - context_before) : 0;
  const std::size_t end = sequence_start(line, std::min(line.size(), begin + excerpt_width));
  result.text = line.substr(begin, end - begin);
  result.start = start - begin;
  result.length = std::max<std::size_t>(std::min(length, end - std::min(start, end)), 1);
  result.cut_before = begin > 0;
  result.cut_after = end < line.size();
  return result;
}

std::string place(Position position, const SourceSet& sources) {
  const std::string text = sources.describe(position);
  return text.empty() ? std::string() : printable(text) + ": ";
}

/// The hint; further lines are indented below the first.
std::string print_hint(std::string_view hint) {
  std::string result = "hint: ";
  for (std::size_t end = hint.find('\n'); end != std::string_view::npos; end = hint.find('\n')) {
    result += printable(hint.substr(0, end)) + "\n      ";
    hint.remove_prefix(end + 1);
  }
  return result + printable(hint) + "\n";
}

}  // namespace

std::string print_excerpt(Position position, const SourceSet& sources) {
  const std::string_view line = sources.line(position.file, position.line);
  if (line.empty() || position.column == 0) return {};
  const std::size_t start = std::min<std::size_t>(position.column - 1, line.size());
  const Excerpt part = cut(line, start, sources.token_length(position));
  const std::string_view dots_before = part.cut_before ? "..." : "";
  const std::string_view dots_after = part.cut_after ? "..." : "";
  std::string result = fmt::format("{}{}{}\n", dots_before, printable(part.text), dots_after);
  const std::string blanks = blanks_under(part.text.substr(0, part.start));
  const std::string_view rest = part.text.substr(part.start);
  const std::size_t tail = std::max<std::size_t>(display_width(rest.substr(0, part.length)), 1) - 1;
  return result + fmt::format("{:{}}{}^{:~>{}}\n", "", dots_before.size(), blanks, "", tail);
}

std::string print_diagnostic(const Diagnostic& diagnostic, const SourceSet& sources) {
  const std::string_view severity = diagnostic.severity == Severity::error ? "error" : "warning";
  const std::string where =
      diagnostic.path.empty() ? place(diagnostic.position, sources) : printable(diagnostic.path) + ": ";
  std::string result = fmt::format("{}{}: {} [{}]\n", where, severity, printable(diagnostic.message),
                                   name_of(diagnostic.id).identifier);
  if (diagnostic.path.empty()) result += print_excerpt(diagnostic.position, sources);
  for (const Note& note : diagnostic.notes) {
    result += fmt::format("{}note: {}\n", place(note.position, sources), printable(note.text));
    result += print_excerpt(note.position, sources);
  }
  if (!diagnostic.hint.empty()) result += print_hint(diagnostic.hint);
  return result;
}

}  // namespace twowayc
