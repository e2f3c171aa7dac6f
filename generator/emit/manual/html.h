// Text in HTML and SVG.
#pragma once

#include <string>
#include <string_view>

namespace twowayc {

/// Text as it is, in an element or an attribute.
std::string html_text(std::string_view text);
/// `<code>text</code>`, or nothing for no text.
std::string html_code(std::string_view text);
/// What the pages say in Markdown (documented_fields): escapes, code, and links to the pages of entities, which become
/// links to their sections.
std::string html_of_markdown(std::string_view markdown);

/// The style of the page, and the part of it that the picture needs.
extern const std::string_view manual_style;
extern const std::string_view diagram_style;

}  // namespace twowayc
