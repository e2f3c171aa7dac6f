#include "generator/resolve/template_text.h"

#include <fmt/format.h>

namespace twowayc {
namespace {

constexpr std::string_view syntax_hint = "write names in braces and other text between them: \"{chat_id}-{id}\"";

}  // namespace

std::optional<std::vector<TemplatePiece>> parse_template(const syntax::Text& text, DiagnosticSink& sink) {
  std::vector<TemplatePiece> pieces;
  const std::string& all = text.value;
  const auto fail = [&](std::string message) {
    sink.error(DiagnosticId::template_syntax, text.position, std::move(message)).with_hint(std::string(syntax_hint));
    return std::nullopt;
  };
  bool named = false;
  for (std::size_t i = 0; i < all.size();) {
    if (all[i] != '{') {
      const std::size_t end = std::min(all.find('{', i), all.size());
      const std::string literal = all.substr(i, end - i);
      if (literal.find('}') != std::string::npos) return fail("the template has a '}' without its '{'");
      pieces.push_back({literal, false, text.position});
      i = end;
      continue;
    }
    const std::size_t end = all.find('}', i);
    if (end == std::string::npos) return fail("the template has a '{' without its '}'");
    const std::string name = all.substr(i + 1, end - i - 1);
    if (name.empty() || name.find('{') != std::string::npos) return fail("the template has braces without a name");
    pieces.push_back({name, true, text.position});
    named = true;
    i = end + 1;
  }
  if (!named) return fail("the template names nothing, so all records would get the same text");
  return pieces;
}

}  // namespace twowayc
