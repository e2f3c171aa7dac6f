#include "generator/emit/manual/manual.h"

#include <fmt/format.h>

#include "generator/emit/manual/html.h"
#include "generator/emit/manual/sections.h"
#include "generator/emit/text/lines.h"

namespace twowayc {
namespace {

void add_head(const MappingModel& model, Lines& out) {
  out.add("<!doctype html>").add("<html lang=\"en\">").add("<meta charset=\"utf-8\">");
  out.add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
  out.add("<title>{}</title>", html_text(model.name));
  out.add("<style>{}{}</style>", manual_style, diagram_style);
}

void add_navigation(const MappingModel& model, Lines& out) {
  out.add("<nav aria-label=\"Entities\"><strong>{}</strong>", html_text(model.name));
  out.add("<a href=\"#picture\">Picture</a> · <a href=\"#all\">All entities</a> · <a href=\"#losses\">Losses</a>");
  out.add("<ol>");
  for (const std::size_t index : model.order) {
    const std::string name = html_text(model.entities[index].name);
    out.add("<li><a href=\"#{0}\">{0}</a></li>", name);
  }
  out.add("</ol></nav>");
}

}  // namespace

FileTree emit_manual(const MappingModel& model) {
  Lines out;
  add_head(model, out);
  add_navigation(model, out);
  out.add("<main>").add("<h1>{}</h1>", html_text(model.name));
  if (!model.description.empty()) out.add("<p>{}</p>", html_text(model.description));
  out.raw(summary_section(model));
  out.add("<section id=\"picture\"><h2>Entities and what they refer to</h2>");
  out.add("<p class=\"quiet\">The numbers are the order in which entities are written. Point at a box to see its own "
          "references; follow it to its section.</p>");
  out.add("<div class=\"scroll\">").raw(entity_diagram(model, false)).add("</div></section>");
  out.raw(entities_section(model)).raw(losses_section(model));
  for (const std::size_t index : model.order) out.raw(entity_section(model, model.entities[index]));
  out.add("</main></html>");
  FileTree tree;
  tree["manual.html"] = out.take();
  tree["entities.svg"] = entity_diagram(model, true);
  return tree;
}

}  // namespace twowayc
