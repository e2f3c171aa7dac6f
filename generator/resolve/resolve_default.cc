#include <fmt/format.h>

#include <charconv>
#include <cstdint>

#include "generator/resolve/entity_resolver.h"

namespace twowayc {
namespace {

constexpr std::size_t longest_witness = 100;   ///< bytes; proofs have little memory

template <class Number>
bool is_number(const std::string& text) {
  Number number{};
  const char* begin = text.data() + (text.starts_with('+') ? 1 : 0);
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(begin, end, number);
  return error == std::errc() && stop == end && begin != end;
}

/// The value for a column of this type; nothing if the text is none.
std::optional<Default> typed(const std::string& text, SqlType type) {
  switch (type) {
    case SqlType::boolean:
      if (text == "true" || text == "1") return Default{Default::Kind::integer, "1"};
      if (text == "false" || text == "0") return Default{Default::Kind::integer, "0"};
      return std::nullopt;
    case SqlType::bigint:
    case SqlType::integer:
      if (!is_number<std::int64_t>(text)) return std::nullopt;
      return Default{Default::Kind::integer, text.starts_with('+') ? text.substr(1) : text};
    case SqlType::real:
    case SqlType::numeric:
      if (!is_number<double>(text) || text.find_first_of("nN") != std::string::npos) return std::nullopt;
      return Default{Default::Kind::real, text.starts_with('+') ? text.substr(1) : text};
    case SqlType::blob:
      return std::nullopt;
    default: return Default{Default::Kind::text, text};
  }
}

std::string_view describe(SqlType type) {
  switch (type) {
    case SqlType::boolean: return "true or false";
    case SqlType::bigint:
    case SqlType::integer: return "a whole number";
    case SqlType::real:
    case SqlType::numeric:
      return "a number";
    case SqlType::blob:
      return "no value that could be written here";
    default: return "text";
  }
}

/// What a witness says about itself; `null` is a value only where the column allows it.
std::optional<Default> witness_value(const syntax::Scalar& scalar, const SqlColumn& column, DiagnosticSink& sink) {
  const auto fail = [&](const std::string& message) {
    sink.error(DiagnosticId::witness_value, scalar.position, message)
        .with_note(column.position, "the column is declared here");
    return std::nullopt;
  };
  if (scalar.null) {
    if (!column.nullable) return fail(fmt::format("'{}' is NOT NULL, so it never holds this witness", column.name));
    return Default{Default::Kind::null, ""};
  }
  if (scalar.text.size() > longest_witness) {
    return fail(fmt::format("a witness has at most {} bytes", longest_witness));
  }
  auto value = typed(scalar.text, column.type);
  if (value) return value;
  return fail(fmt::format("'{}' takes {}, not '{}'", column.name, describe(column.type), scalar.text));
}

}  // namespace

std::vector<Witness> resolve_witnesses(const syntax::Field& field, const SqlColumn& column, const Lens& lens,
                                       DiagnosticSink& sink) {
  std::vector<Witness> result;
  if (!field.witnesses_position) return result;
  if (!lens.provable) {
    sink.error(DiagnosticId::witness_value, *field.witnesses_position,
               fmt::format("lens '{}' runs at run time only, so nothing is proved with witnesses", lens.name))
        .with_hint("remove them: tests prove this lens");
    return result;
  }
  if (field.witnesses.empty()) {
    sink.error(DiagnosticId::witness_value, *field.witnesses_position, "'witnesses' needs a value");
  }
  for (const syntax::Scalar& scalar : field.witnesses) {
    if (const auto value = witness_value(scalar, column, sink)) result.push_back({*value, scalar.position});
  }
  return result;
}

std::optional<Default> resolve_default(const syntax::Scalar& scalar, const SqlColumn& column, const Lens& lens,
                                       DiagnosticSink& sink) {
  if (scalar.null) {
    if (column.nullable) return Default{Default::Kind::null, ""};
    sink.error(DiagnosticId::default_value, scalar.position, fmt::format("'{}' is NOT NULL", column.name))
        .with_note(column.position, "declared here");
    return std::nullopt;
  }
  if (scalar.text == "created" && !scalar.quoted) {
    if (lens.pocketbase == PocketBaseType::date) return Default{Default::Kind::created, ""};
    sink.error(DiagnosticId::default_value, scalar.position,
               fmt::format("'created' is a time, and lens '{}' makes none", lens.name))
        .with_hint("quote it if the text is meant: default: \"created\"");
    return std::nullopt;
  }
  auto value = typed(scalar.text, column.type);
  if (!value) {
    sink.error(DiagnosticId::default_value, scalar.position,
               fmt::format("'{}' takes {}, not '{}'", column.name, describe(column.type), scalar.text))
        .with_note(column.position, "its type is declared here");
  }
  return value;
}

}  // namespace twowayc
