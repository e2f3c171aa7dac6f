#include "generator/emit/manual/html.h"

#include <fmt/format.h>

#include <algorithm>

namespace twowayc {
namespace {

/// Reads the Markdown from left to right; each step takes at least one byte.
class Reader {
 public:
  explicit Reader(std::string_view markdown) : rest_(markdown) {}

  std::string run() {
    while (!rest_.empty()) {
      if (rest_.starts_with('`') && take_code()) continue;
      if (rest_.starts_with('[') && take_link()) continue;
      const bool escaped = rest_.starts_with('\\') && rest_.size() > 1;
      html_ += html_text(rest_.substr(escaped ? 1 : 0, 1));
      rest_.remove_prefix(escaped ? 2 : 1);
    }
    return std::move(html_);
  }

 private:
  /// As many backticks as it begins with end it; one blank at both ends belongs to them.
  bool take_code() {
    const std::size_t ticks = std::min(rest_.find_first_not_of('`'), rest_.size());
    const std::size_t end = rest_.find(std::string(ticks, '`'), ticks);
    if (end == std::string_view::npos) return false;
    std::string_view code = rest_.substr(ticks, end - ticks);
    if (code.size() > 2 && code.starts_with(' ') && code.ends_with(' ')) code = code.substr(1, code.size() - 2);
    std::string text(code);
    for (std::size_t at = text.find("\\|"); at != std::string::npos; at = text.find("\\|", at + 1)) text.erase(at, 1);
    html_ += html_code(text);
    rest_.remove_prefix(end + ticks);
    return true;
  }

  /// `[name](name.md)`
  bool take_link() {
    const std::size_t middle = rest_.find("](");
    const std::size_t end = rest_.find(".md)");
    if (middle == std::string_view::npos || end == std::string_view::npos || end < middle) return false;
    html_ += fmt::format("<a href=\"#{}\">{}</a>", html_text(rest_.substr(middle + 2, end - middle - 2)),
                         html_text(rest_.substr(1, middle - 1)));
    rest_.remove_prefix(end + 4);
    return true;
  }

  std::string_view rest_;
  std::string html_;
};

}  // namespace

std::string html_text(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      default: result += (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F ? '?' : c;
    }
  }
  return result;
}

std::string html_code(std::string_view text) {
  return text.empty() ? "" : fmt::format("<code>{}</code>", html_text(text));
}

std::string html_of_markdown(std::string_view markdown) { return Reader(markdown).run(); }

}  // namespace twowayc
