#include "generator/resolve/template_text.h"

#include <fmt/format.h>

namespace twowayc {
namespace {

constexpr std::string_view syntax_hint = "write names in braces and other text between them: \"{chat_id}-{id}\"";

/// Where a byte of the text stands in its file: exact where the file holds the text as it is, in quotes or without.
Position position_within(const syntax::Text& text, std::size_t offset, const SourceSet& sources) {
  const auto start = sources.offset(text.position);
  if (!start || text.value.find('\n') != std::string::npos) return text.position;
  const std::string_view source = std::string_view(sources.file(text.position.file).bytes).substr(*start);
  const std::size_t quote = source.starts_with('"') || source.starts_with('\'') ? 1 : 0;
  if (!source.substr(quote).starts_with(text.value)) return text.position;
  Position position = text.position;
  position.column += static_cast<std::uint32_t>(quote + offset);
  return position;
}

}  // namespace

std::optional<std::vector<TemplatePiece>> parse_template(const syntax::Text& text, const SourceSet& sources,
                                                         DiagnosticSink& sink) {
  std::vector<TemplatePiece> pieces;
  const std::string& all = text.value;
  const auto at = [&](std::size_t offset) { return position_within(text, offset, sources); };
  const auto fail = [&](std::string message, Position position) {
    sink.error(DiagnosticId::template_syntax, position, std::move(message))
        .with_hint(std::string(syntax_hint));
    return std::nullopt;
  };
  bool named = false;
  for (std::size_t i = 0; i < all.size();) {
    if (all[i] != '{') {
      const std::size_t end = std::min(all.find('{', i), all.size());
      const std::string literal = all.substr(i, end - i);
      const std::size_t stray = literal.find('}');
      if (stray != std::string::npos) return fail("the template has a '}' without its '{'", at(i + stray));
      pieces.push_back({literal, false, at(i)});
      i = end;
      continue;
    }
    const std::size_t end = all.find('}', i);
    if (end == std::string::npos) return fail("the template has a '{' without its '}'", at(i));
    const std::string name = all.substr(i + 1, end - i - 1);
    const bool is_name = !name.empty() && name.find('{') == std::string::npos;
    if (!is_name) return fail("the template has braces without a name", at(i));
    pieces.push_back({name, true, at(i + 1)});
    named = true;
    i = end + 1;
  }
  if (!named) return fail("the template names nothing, so all records would get the same text", text.position);
  return pieces;
}

}  // namespace twowayc
