#include "generator/init/defaults.h"

#include <fmt/format.h>

#include <algorithm>

#include "generator/source/suggest.h"

namespace twowayc {
namespace {

bool is_quoted_text(std::string_view text) {
  if (text.size() < 2 || text.front() != '\'' || text.back() != '\'') return false;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] == '\'' && text[++i] != '\'') return false;
  }
  return true;
}

bool is_number_text(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos && text != ".";
}

bool is_current(std::string_view text) {
  const std::string word = lower_case(text);
  return word == "current_timestamp" || word == "current_date" || word == "current_time";
}

bool is_truth(std::string_view text) {
  const std::string word = lower_case(text);
  return word == "true" || word == "false";
}

bool is_literal(std::string_view text) {
  return is_quoted_text(text) || is_number_text(text) || is_current(text) || is_truth(text) ||
         lower_case(text) == "null";
}

/// True where PostgreSQL takes SQLite's default for a column of this type.
bool both_take(std::string_view text, SqlType type) {
  if (lower_case(text) == "null") return true;
  switch (type) {
    case SqlType::text:
    case SqlType::varchar:
      return is_quoted_text(text);
    case SqlType::bigint:
    case SqlType::integer:
    case SqlType::real:
    case SqlType::numeric:
      return is_number_text(text);
    case SqlType::boolean:
      return text == "0" || text == "1" || text == "'0'" || text == "'1'" || is_truth(text);
    case SqlType::date:
    case SqlType::datetime:
      return is_current(text);
    case SqlType::json:
      return text == "'{}'" || text == "'[]'" || text == "'null'";
    case SqlType::blob:
      return false;
  }
  return false;
}

/// `'x'` for `'x'::character varying`.
std::string without_cast(const std::string& text) {
  const std::size_t cast = text.rfind("::");
  if (cast == std::string::npos || !is_quoted_text(std::string_view(text).substr(0, cast))) return text;
  return text.substr(0, cast);
}

/// `config_id_seq` for `nextval('config_id_seq'::regclass)`; empty for what is no sequence of this schema.
std::string sequence_of(const std::string& text) {
  constexpr std::string_view begin = "nextval('", end = "'::regclass)";
  if (!text.starts_with(begin) || !text.ends_with(end)) return {};
  std::string name = text.substr(begin.size(), text.size() - begin.size() - end.size());
  if (name.starts_with('"') && name.ends_with('"')) name = name.substr(1, name.size() - 2);
  return name.find_first_of(".\"'") == std::string::npos ? name : std::string();
}

DraftedDefault from_sqlite(const std::string& text, SqlType type) {
  DraftedDefault result;
  // What is no literal stands in parentheses, which SQLite does not keep.
  result.all = is_literal(text) || text.starts_with('"') || text.starts_with("x'") ? text : fmt::format("({})", text);
  if (!both_take(text, type)) result.postgresql = "NULL";
  return result;
}

DraftedDefault from_postgresql(const std::string& text, const DraftedTable& table, SqlType type) {
  DraftedDefault result;
  const bool whole = type == SqlType::integer || type == SqlType::bigint;
  result.sequence = table.own_statement || !whole ? std::string() : sequence_of(text);
  if (!result.sequence.empty()) return result;
  const std::string literal = without_cast(text);
  if (both_take(literal, type)) {
    result.all = literal;
  } else if (!table.own_statement) {
    result.postgresql = text;
  }
  return result;
}

}  // namespace

DraftedDefault draft_default(const Drafted& drafted, const DraftedTable& table, const DraftedColumn& column) {
  if (!column.live->default_text) return {};
  const std::string& text = *column.live->default_text;
  return drafted.sqlite ? from_sqlite(text, column.type.type) : from_postgresql(text, table, column.type.type);
}

}  // namespace twowayc
