#include "tests/layers/source_tree.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

namespace twoway::layers {

namespace fs = std::filesystem;

namespace {

const fs::path& root() {
  static const fs::path path = TWOWAY_SOURCE_DIR;
  return path;
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

/// The end of the literal that begins at `from` with this quote.
std::size_t end_of_literal(std::string_view text, std::size_t from, char quote) {
  std::size_t at = from + 1;
  while (at < text.size() && text[at] != quote && text[at] != '\n') at += text[at] == '\\' ? 2 : 1;
  return std::min(at + 1, text.size());
}

/// The end of the raw string whose opening quote stands at `from`.
std::size_t end_of_raw_string(std::string_view text, std::size_t from) {
  const std::size_t open = text.find('(', from);
  if (open == std::string_view::npos) return text.size();
  const std::string close = ")" + std::string(text.substr(from + 1, open - from - 1)) + "\"";
  const std::size_t at = text.find(close, open);
  return at == std::string_view::npos ? text.size() : at + close.size();
}

/// The end of the comment or literal that begins at `at`, or `at` itself if none does.
std::size_t end_of_blank(std::string_view text, std::size_t at) {
  const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  const std::string_view rest = text.substr(at);
  if (rest.starts_with("//")) return std::min(text.find('\n', at), text.size());
  if (rest.starts_with("/*")) return std::min(text.find("*/", at + 2), text.size() - 2) + 2;
  if (rest.starts_with("R\"")) return end_of_raw_string(text, at + 1);
  if (rest[0] == '"') return end_of_literal(text, at, '"');
  // A quote inside a number separates digits.
  if (rest[0] == '\'' && (at == 0 || !is_word(text[at - 1]))) return end_of_literal(text, at, '\'');
  return at;
}

bool opens_function(std::string_view before) {
  static const std::regex scope(R"(^\s*(template\s*<[^;]*>\s*)?(namespace|class|struct|union|enum|extern)\b)");
  const std::size_t last = before.find_last_not_of(" \n");
  if (last == std::string_view::npos || before.find('(') == std::string_view::npos) return false;
  if (std::string_view("=,(&|").find(before[last]) != std::string_view::npos) return false;
  return !std::regex_search(before.begin(), before.end(), scope);
}

}  // namespace

std::vector<std::string_view> SourceFile::lines() const {
  std::vector<std::string_view> all;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    all.push_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return all;
}

std::vector<Include> SourceFile::includes() const {
  static const std::regex pattern(R"(^\s*#\s*include\s*(["<])([^">]+)[">].*)");
  std::vector<Include> all;
  std::size_t number = 0;
  for (const std::string_view line : lines()) {
    ++number;
    std::match_results<std::string_view::const_iterator> match;
    if (line.find("include") != std::string_view::npos && std::regex_match(line.begin(), line.end(), match, pattern)) {
      all.push_back({number, match[2].str(), match[1] == "\""});
    }
  }
  return all;
}

std::vector<SourceFile> files_below(std::string_view folder, const std::vector<std::string_view>& endings) {
  std::vector<SourceFile> files;
  if (!fs::is_directory(root() / folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(root() / folder)) {
    const std::string path = entry.path().lexically_relative(root()).generic_string();
    const auto ends = [&](std::string_view ending) { return path.ends_with(ending); };
    if (entry.is_regular_file() && std::any_of(endings.begin(), endings.end(), ends)) files.push_back({path, {}});
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  for (SourceFile& file : files) file.text = read(root() / file.path);
  return files;
}

SourceFile file_at(std::string_view path) { return {std::string(path), read(root() / path)}; }

std::string_view part(std::string_view path, std::size_t n) {
  for (; n > 0; --n) {
    const std::size_t slash = path.find('/');
    if (slash == std::string_view::npos) return {};
    path.remove_prefix(slash + 1);
  }
  return path.substr(0, path.find('/'));
}

std::string without_comments_and_strings(std::string_view text) {
  std::string code(text);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = end_of_blank(text, at);
    for (std::size_t i = at; i < end; ++i) {
      if (code[i] != '\n') code[i] = ' ';
    }
    at = std::max(end, at + 1);
  }
  return code;
}

std::vector<Function> functions_in(std::string_view text) {
  static const std::regex directive("(^|\n)[ ]*#([^\n]*\\\\\n)*[^\n]*");
  std::string code = without_comments_and_strings(text);
  for (auto it = std::sregex_iterator(code.begin(), code.end(), directive); it != std::sregex_iterator(); ++it) {
    const auto begin = code.begin() + it->position();
    std::replace_if(begin, begin + it->length(), [](char c) { return c != '\n'; }, ' ');
  }
  std::vector<Function> functions;
  std::vector<bool> blocks;  // for each open brace: is it a function's
  std::size_t line = 1, begin_line = 0, begin_lines = 0, inside = 0, statement = 0;
  std::size_t code_lines = 0;  // so far, without the present line
  bool code_here = false;
  for (std::size_t at = 0; at < code.size(); ++at) {
    const char c = code[at];
    if (c == '\n') {
      ++line;
      code_lines += code_here ? 1U : 0U;
      code_here = false;
    } else if (c != ' ') {
      code_here = true;
    }
    if (c == '{') {
      const std::string_view before = std::string_view(code).substr(statement, at - statement);
      const bool function = inside == 0 && opens_function(before);
      if (function) {
        begin_line = line;
        begin_lines = code_lines;
      }
      inside += function ? 1U : 0U;
      blocks.push_back(function);
    } else if (c == '}' && !blocks.empty()) {
      if (blocks.back()) {
        --inside;
        functions.push_back({begin_line, code_lines - begin_lines + 1});
      }
      blocks.pop_back();
    }
    if (c == '{' || c == '}' || c == ';') statement = at + 1;
  }
  return functions;
}

}  // namespace twoway::layers
