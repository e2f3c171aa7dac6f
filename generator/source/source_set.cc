#include "generator/source/source_set.h"

#include <fmt/format.h>

#include <algorithm>

namespace twowayc {
namespace {

std::vector<std::size_t> starts_of_lines(std::string_view bytes) {
  std::vector<std::size_t> starts{0};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == '\n') starts.push_back(i + 1);
  }
  return starts;
}

/// Length of a quoted token, or of the rest of the line where the quote does not close on it.
std::size_t quoted_length(std::string_view text) {
  const char quote = text.front();
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      if (quote == '\'' && i + 1 < text.size() && text[i + 1] == '\'') {
        ++i;
      } else {
        return i + 1;
      }
    }
  }
  return text.size();
}

std::size_t plain_length(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size()) {
    const char c = text[length];
    if (c == ' ' || c == '\t' || c == ',' || c == ']' || c == '}') break;
    if (c == ':' && (length + 1 == text.size() || text[length + 1] == ' ')) break;
    ++length;
  }
  return std::max<std::size_t>(length, 1);
}

}  // namespace

std::uint32_t SourceSet::add(std::string display_path, std::string relative_path, std::string bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.erase(0, 3);
  SourceFile file{std::move(display_path), std::move(relative_path), std::move(bytes), {}};
  file.line_starts = starts_of_lines(file.bytes);
  files_.push_back(std::move(file));
  return static_cast<std::uint32_t>(files_.size() - 1);
}

std::string_view SourceSet::line(std::uint32_t file, std::uint32_t line) const {
  if (file >= files_.size()) return {};
  const SourceFile& source = files_[file];
  if (line == 0 || line > source.line_starts.size()) return {};
  const std::size_t begin = source.line_starts[line - 1];
  const std::size_t end = line < source.line_starts.size() ? source.line_starts[line] - 1 : source.bytes.size();
  std::string_view text = std::string_view(source.bytes).substr(begin, end - begin);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

Position SourceSet::position(std::uint32_t file, std::size_t offset) const {
  const SourceFile& source = files_.at(file);
  const auto after = std::upper_bound(source.line_starts.begin(), source.line_starts.end(), offset);
  const auto line = static_cast<std::size_t>(after - source.line_starts.begin());
  const std::size_t column = offset - source.line_starts[line - 1] + 1;
  return {file, static_cast<std::uint32_t>(line), static_cast<std::uint32_t>(column)};
}

std::optional<std::size_t> SourceSet::offset(Position position) const {
  if (!position.known() || position.file >= files_.size()) return std::nullopt;
  const SourceFile& source = files_[position.file];
  if (position.line > source.line_starts.size() || position.column == 0) return std::nullopt;
  const std::size_t result = source.line_starts[position.line - 1] + position.column - 1;
  if (result > source.bytes.size()) return std::nullopt;
  return result;
}

std::string SourceSet::describe(Position position) const {
  if (position.file >= files_.size()) return {};
  const std::string& path = files_[position.file].display_path;
  if (!position.known()) return path;
  if (position.column == 0) return fmt::format("{}:{}", path, position.line);
  return fmt::format("{}:{}:{}", path, position.line, position.column);
}

std::size_t SourceSet::token_length(Position position) const {
  const std::string_view text = line(position.file, position.line);
  if (position.column == 0 || position.column > text.size()) return 1;
  const std::string_view rest = text.substr(position.column - 1);
  if (rest.front() == '"' || rest.front() == '\'') return quoted_length(rest);
  if (rest.front() == '{' || rest.front() == '[') return 1;
  return plain_length(rest);
}

}  // namespace twowayc
