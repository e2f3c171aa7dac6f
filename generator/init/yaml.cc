#include "generator/init/yaml.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "generator/model/cpp_names.h"
#include "generator/source/suggest.h"
#include "generator/source/utf8.h"

namespace twowayc {
namespace {

// In lower case: words that YAML's versions read as something else than text.
constexpr std::string_view other_values[] = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"};

/// Words of letters, digits and '_', a letter first, with blanks or points between: no reader takes them for more.
bool is_plain(std::string_view text) {
  if (text.empty() || !is_word(text.front()) || (text.front() >= '0' && text.front() <= '9')) return false;
  if (!is_word(text.back()) && text.back() != ')') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (!is_word(c) && c != '.' && c != '(' && c != ')' && c != ' ') return false;
  }
  return std::find(std::begin(other_values), std::end(other_values), lower_case(text)) == std::end(other_values);
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
          out += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
        } else {
          out += c;
        }
    }
  }
  return out + '"';
}

/// A block shows its lines as they are, so there must be nothing in them that is not seen.
bool fits_block(std::string_view text) {
  if (text.find('\n') == std::string_view::npos || text.front() == ' ' || text.front() == '\n') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if ((c < 0x20 && c != '\n') || c >= 0x7F) return false;
    const bool line_ends = i + 1 == text.size() || text[i + 1] == '\n';
    if (line_ends && c == ' ') return false;
  }
  return text.back() != '\n';
}

}  // namespace

std::string yaml_text(std::string_view text) { return is_plain(text) ? std::string(text) : quoted(text); }

std::string yaml_list(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (std::size_t i = 0; i < texts.size(); ++i) out += (i == 0 ? "" : ", ") + yaml_text(texts[i]);
  return out + "]";
}

std::string yaml_block(std::string_view text, std::size_t indent) {
  if (!fits_block(text)) return " " + yaml_text(text);
  std::string out = " |-";
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    out += '\n';
    if (end > from) out += std::string(indent, ' ') + std::string(text.substr(from, end - from));
    from = end + 1;
  }
  return out;
}

std::string yaml_comment(std::string_view text, std::size_t indent) {
  constexpr std::size_t width = 118;
  const std::string begin = std::string(indent, ' ') + "# ";
  std::string out, line = begin;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find(' ', from), text.size());
    const std::string_view word = text.substr(from, end - from);
    if (line.size() + word.size() > width && line.size() > begin.size() + 2) {
      line.pop_back();
      out += line + '\n';
      line = begin + "  ";
    }
    line += word;
    line += ' ';
    from = end + 1;
  }
  line.pop_back();
  return out + line + '\n';
}

std::string in_comment(std::string_view text) {
  std::string out;
  for (const char c : text) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
  return out;
}

}  // namespace twowayc
