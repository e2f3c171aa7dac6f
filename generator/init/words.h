// The words of a SQL statement, outside quotes and comments: what a table says that the mapping language cannot.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace twowayc {

/// A piece of SQL: a word (in lower case), a quoted name or text (with its quotes), or one other character.
struct SqlToken {
  std::string text;
  std::size_t begin = 0;  ///< in the statement, bytes
  std::size_t end = 0;
  bool word = false;
};

std::vector<SqlToken> sql_tokens(std::string_view sql);

/// True where one of the words (lower case) stands in the statement.
bool has_word(const std::vector<SqlToken>& tokens, std::initializer_list<std::string_view> words);

/// The conditions of all `CHECK (...)`, without the outer parentheses, in their order.
std::vector<std::string> check_conditions(std::string_view sql);

/// True where the SQL text names the column, quoted or not.
bool names_column(std::string_view sql, std::string_view column);

}  // namespace twowayc
