#include "generator/init/words.h"

#include <algorithm>

#include "generator/model/cpp_names.h"
#include "generator/source/suggest.h"

namespace twowayc {
namespace {

/// The end of the quoted piece that begins at `from`; a doubled quote is part of it.
std::size_t end_of_quoted(std::string_view sql, std::size_t from) {
  const char close = sql[from] == '[' ? ']' : sql[from];
  for (std::size_t at = from + 1; at < sql.size(); ++at) {
    if (sql[at] != close) continue;
    if (close == ']' || at + 1 >= sql.size() || sql[at + 1] != close) return at + 1;
    ++at;
  }
  return sql.size();
}

/// The end of the comment that begins at `from`; `from` where none does.
std::size_t end_of_comment(std::string_view sql, std::size_t from) {
  const std::string_view rest = sql.substr(from);
  if (rest.starts_with("--")) return std::min(sql.find('\n', from), sql.size());
  if (!rest.starts_with("/*")) return from;
  const std::size_t end = sql.find("*/", from + 2);
  return end == std::string_view::npos ? sql.size() : end + 2;
}

bool is_word_byte(char c) { return is_word(c) || static_cast<unsigned char>(c) >= 0x80; }

std::string unquoted(const std::string& text) {
  const char open = text.empty() ? '\0' : text.front();
  if (open != '"' && open != '`' && open != '[') return text;
  std::string out;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    out += text[i];
    if (open != '[' && text[i] == open) ++i;
  }
  return out;
}

}  // namespace

std::vector<SqlToken> sql_tokens(std::string_view sql) {
  std::vector<SqlToken> tokens;
  for (std::size_t at = 0; at < sql.size();) {
    if (const std::size_t end = end_of_comment(sql, at); end != at) {
      at = end;
      continue;
    }
    std::size_t end = at + 1;
    const char c = sql[at];
    const bool word = is_word_byte(c);
    if (word) {
      while (end < sql.size() && is_word_byte(sql[end])) ++end;
    } else if (c == '\'' || c == '"' || c == '`' || c == '[') {
      end = end_of_quoted(sql, at);
    } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      at = end;
      continue;
    }
    const std::string text(sql.substr(at, end - at));
    tokens.push_back({word ? lower_case(text) : text, at, end, word});
    at = end;
  }
  return tokens;
}

bool has_word(const std::vector<SqlToken>& tokens, std::initializer_list<std::string_view> words) {
  return std::any_of(tokens.begin(), tokens.end(), [&](const SqlToken& token) {
    return token.word && std::find(words.begin(), words.end(), token.text) != words.end();
  });
}

std::vector<std::string> check_conditions(std::string_view sql) {
  std::vector<std::string> conditions;
  const std::vector<SqlToken> tokens = sql_tokens(sql);
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (!tokens[i].word || tokens[i].text != "check" || tokens[i + 1].text != "(") continue;
    int depth = 0;
    for (std::size_t j = i + 1; j < tokens.size(); ++j) {
      if (tokens[j].text == "(") ++depth;
      if (tokens[j].text == ")") --depth;
      if (depth > 0) continue;
      conditions.emplace_back(sql.substr(tokens[i + 1].end, tokens[j].begin - tokens[i + 1].end));
      i = j;
      break;
    }
  }
  return conditions;
}

bool names_column(std::string_view sql, std::string_view column) {
  const std::string wanted = lower_case(column);
  const std::vector<SqlToken> tokens = sql_tokens(sql);
  return std::any_of(tokens.begin(), tokens.end(),
                     [&](const SqlToken& token) { return lower_case(unquoted(token.text)) == wanted; });
}

}  // namespace twowayc
