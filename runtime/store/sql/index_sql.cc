#include "runtime/store/sql/index_sql.h"

#include <algorithm>
#include <cctype>

namespace twoway::sql_sqlite {

namespace {

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

std::string trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return std::string(text);
}

/// The place after what begins at `at`: a quoted text or name, a comment, or one character.
std::size_t after(std::string_view sql, std::size_t at) {
  const char c = sql[at];
  if (c == '\'' || c == '"' || c == '`' || c == '[') {
    const std::size_t end = sql.find(c == '[' ? ']' : c, at + 1);  // a doubled quote begins another one at once
    return end == std::string_view::npos ? sql.size() : end + 1;
  }
  const bool line = sql.substr(at, 2) == "--", block = sql.substr(at, 2) == "/*";
  if (!line && !block) return at + 1;
  const std::size_t end = sql.find(line ? "\n" : "*/", at + 2);
  return end == std::string_view::npos ? sql.size() : end + (line ? 1 : 2);
}

bool takes_off(std::string& text, std::string_view word) {
  if (text.size() <= word.size() || !is_space(text[text.size() - word.size() - 1])) return false;
  const bool same = std::equal(word.begin(), word.end(), text.end() - static_cast<std::ptrdiff_t>(word.size()),
                               [](char a, char b) { return a == std::toupper(static_cast<unsigned char>(b)); });
  if (same) text = trimmed(std::string_view(text).substr(0, text.size() - word.size()));
  return same;
}

void add_part(IndexSql& index, std::string_view text) {
  std::string part = trimmed(text);
  if (!takes_off(part, "ASC")) takes_off(part, "DESC");
  index.parts.push_back(std::move(part));
}

}  // namespace

IndexSql parse_index(std::string_view sql) {
  IndexSql index;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < sql.size(); at = after(sql, at)) {
    const char c = sql[at];
    if (c == '(' && ++depth == 1) begin = at + 1;
    if (c == ',' && depth == 1) {
      add_part(index, sql.substr(begin, at - begin));
      begin = at + 1;
    }
    if (c != ')' || --depth != 0) continue;
    add_part(index, sql.substr(begin, at - begin));
    const std::string rest = trimmed(sql.substr(at + 1));
    constexpr std::size_t where = 5;  // nothing else can stand here
    if (rest.size() > where) index.where = trimmed(std::string_view(rest).substr(where));
    break;
  }
  return index;
}

}  // namespace twoway::sql_sqlite
