#include "generator/init/column_types.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "generator/check/describe.h"
#include "generator/source/suggest.h"

namespace twowayc {
namespace {

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// N of `word(N)`; 0 where there is none.
std::size_t length_of(std::string_view declared) {
  const std::size_t open = declared.find('(');
  if (open == std::string_view::npos) return 0;
  std::size_t length = 0;
  const auto [end, error] = std::from_chars(declared.data() + open + 1, declared.data() + declared.size(), length);
  const bool whole = error == std::errc() && end != declared.data() + declared.size() && *end == ')';
  return whole ? length : 0;
}

GuessedType guessed(SqlType type, std::string remark = {}) {
  GuessedType result;
  result.type = type;
  result.remark = std::move(remark);
  return result;
}

/// By the rules for affinities, in their order.
GuessedType by_affinity(std::string_view word) {
  if (word.empty()) return guessed(SqlType::text, "It has no declared type and may hold anything; shown as text.");
  if (word.starts_with("bool")) return guessed(SqlType::boolean);
  if (word == "tinyint(1)") return guessed(SqlType::boolean, "TINYINT(1) is mostly true or false.");
  if (word.starts_with("json")) return guessed(SqlType::json);
  if (word == "date") return guessed(SqlType::date);
  if (word.starts_with("datetime") || word.starts_with("timestamp")) return guessed(SqlType::datetime);
  if (contains(word, "int")) return guessed(word == "bigint" ? SqlType::bigint : SqlType::integer);
  if (contains(word, "char") || contains(word, "clob") || contains(word, "text")) {
    GuessedType result = guessed(SqlType::text);
    const bool varchar = word.starts_with("varchar");
    if (varchar) result = {SqlType::varchar, length_of(word), false, false, {}};
    return result;
  }
  if (contains(word, "blob")) return guessed(SqlType::blob);
  if (contains(word, "real") || contains(word, "floa") || contains(word, "doub")) return guessed(SqlType::real);
  for (const std::string_view number : {"num", "dec", "money", "currency", "fixed"}) {
    if (word.starts_with(number)) return guessed(SqlType::numeric);
  }
  return guessed(SqlType::text, word == "any" ? "It may hold anything; shown as text."
                                              : "A type of no meaning to SQLite; shown as text.");
}

constexpr std::string_view own_types[] = {"bit",
                                          "bit varying",
                                          "box",
                                          "bytea",
                                          "char",
                                          "character",
                                          "cidr",
                                          "circle",
                                          "date",
                                          "inet",
                                          "int4range",
                                          "int8range",
                                          "interval",
                                          "line",
                                          "lseg",
                                          "macaddr",
                                          "macaddr8",
                                          "money",
                                          "name",
                                          "numeric",
                                          "numrange",
                                          "oid",
                                          "path",
                                          "pg_lsn",
                                          "point",
                                          "polygon",
                                          "time",
                                          "time with time zone",
                                          "time without time zone",
                                          "timestamp",
                                          "timestamp with time zone",
                                          "timestamp without time zone",
                                          "tsquery",
                                          "tsrange",
                                          "tstzrange",
                                          "tsvector",
                                          "uuid",
                                          "xml",
                                          "boolean",
                                          "smallint",
                                          "integer",
                                          "bigint",
                                          "real",
                                          "double precision",
                                          "text",
                                          "character varying",
                                          "json",
                                          "jsonb",
                                          "daterange"};

/// `character varying(20)[]` -> `character varying`; `time(3) without time zone` -> `time without time zone`.
std::string base_of(std::string_view declared) {
  std::string base(declared);
  while (base.ends_with("[]")) base.resize(base.size() - 2);
  const std::size_t open = base.find('(');
  const std::size_t close = base.find(')', open == std::string::npos ? 0 : open);
  if (open != std::string::npos && close != std::string::npos) base.erase(open, close - open + 1);
  return base;
}

GuessedType same(SqlType type, std::size_t length = 0) { return {type, length, true, false, {}}; }

}  // namespace

GuessedType guess_sqlite_type(std::string_view declared) {
  const std::string word = lower_case(declared);
  GuessedType result = by_affinity(word);
  result.same_words = type_text(result) == word;
  return result;
}

GuessedType guess_postgresql_type(std::string_view declared) {
  if (declared == "boolean") return same(SqlType::boolean);
  if (declared == "integer") return same(SqlType::integer);
  if (declared == "bigint") return same(SqlType::bigint);
  if (declared == "double precision") return same(SqlType::real);
  if (declared == "text") return same(SqlType::text);
  if (declared == "json") return same(SqlType::json);
  if (declared == "date") return same(SqlType::date);
  if (declared == "timestamp without time zone") return same(SqlType::datetime);
  if (declared == "bytea") return same(SqlType::blob);
  if (declared == "numeric") return same(SqlType::numeric);
  const std::string base = base_of(declared);
  if (base == "character varying" && !declared.ends_with("[]")) return same(SqlType::varchar, length_of(declared));
  if (declared.ends_with("[]")) {
    GuessedType result = guessed(SqlType::text, "An array; shown as PostgreSQL writes it, {a,b}.");
    result.foreign = std::find(std::begin(own_types), std::end(own_types), base) == std::end(own_types);
    return result;
  }
  if (declared == "smallint") return guessed(SqlType::integer);
  if (declared == "real") return guessed(SqlType::real);
  if (declared == "jsonb") return guessed(SqlType::json);
  if (base == "numeric") return guessed(SqlType::numeric);
  if (base == "timestamp without time zone") return guessed(SqlType::datetime);
  if (base == "timestamp with time zone") {
    return guessed(SqlType::datetime, "Shown in UTC; its zone, as PostgreSQL writes it, travels in the residue.");
  }
  GuessedType result = guessed(SqlType::text);
  result.foreign = std::find(std::begin(own_types), std::end(own_types), base) == std::end(own_types);
  result.remark = result.foreign ? "An enum, a domain or a type of an extension; shown as PostgreSQL writes it." : "";
  return result;
}

std::string type_text(const GuessedType& type) {
  return type.length == 0 ? std::string(describe(type.type)) : fmt::format("{}({})", describe(type.type), type.length);
}

std::string_view plain_lens(SqlType type) {
  switch (type) {
    case SqlType::text:
    case SqlType::varchar:
      return "text";
    case SqlType::bigint:
    case SqlType::integer:
      return "number";
    case SqlType::boolean:
      return "boolean";
    case SqlType::json:
      return "json";
    case SqlType::date:
      return "date";
    case SqlType::datetime:
      return "datetime";
    case SqlType::real:
      return "real";
    case SqlType::numeric:
      return "numeric";
    case SqlType::blob:
      return "base64";
  }
  return "text";
}

}  // namespace twowayc
