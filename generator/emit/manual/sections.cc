#include "generator/emit/manual/sections.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "generator/emit/documentation/pages.h"
#include "generator/emit/manual/html.h"
#include "generator/emit/text/lines.h"
#include "generator/emit/text/literal.h"

namespace twowayc {
namespace {

/// The classes in the order in which they are counted, and what they mean.
constexpr std::pair<std::string_view, std::string_view> classes[] = {
    {"iso", "the value comes back from the field alone; what lies outside the lens's domain is in the residue"},
    {"residue", "the field shows less than the column holds; the exact value is in the residue"},
    {"mirror", "one fact kept twice; the way back merges both"},
    {"derived", "computed from other fields"},
    {"lossy", "the exact value need not survive, for the reason given"},
    {"purge", "nothing goes over, for the reason given"},
};

std::string pill(std::string_view name) { return fmt::format("<span class=\"class {0}\">{0}</span>", name); }

std::string link_to(const Entity& entity) {
  return fmt::format("<a href=\"#{0}\">{0}</a>", html_text(entity.name));
}

std::string number_or_nothing(std::size_t number) { return number == 0 ? "" : fmt::format("{}", number); }

}  // namespace

std::string summary_section(const MappingModel& model) {
  Lines out;
  out.add("<section><h2>Both sides</h2><dl>");
  out.add("<dt>SQL</dt><dd>schema {}{}, {} tables</dd>", html_code(model.schema.name),
          model.schema.version_name.empty() ? "" : " (" + html_text(model.schema.version_name) + ")",
          model.schema.tables.size());
  out.add("<dt>PocketBase</dt><dd>{}, {} collections</dd>", html_text(model.pocketbase_version),
          model.entities.size());
  out.add("</dl><h3>Classes of fields</h3><table><tbody>");
  for (const auto& [name, meaning] : classes) {
    out.add("<tr><td>{}</td><td>{}</td></tr>", pill(name), html_text(meaning));
  }
  out.add("</tbody></table></section>");
  return out.take();
}

std::string entities_section(const MappingModel& model) {
  Lines out;
  out.add("<section id=\"all\"><h2>All entities</h2><div class=\"scroll\"><table><thead><tr><th class=\"number\"></th>"
          "<th>entity</th><th>table</th><th>collection</th>");
  for (const auto& [name, meaning] : classes) out.add("<th class=\"number\">{}</th>", name);
  out.add("</tr></thead><tbody>");
  std::size_t place = 0;
  for (const std::size_t index : model.order) {
    const Entity& entity = model.entities.at(index);
    std::map<std::string, std::size_t, std::less<>> counts;
    for (const DocumentedField& field : documented_fields(model, entity)) ++counts[field.what];
    out.add("<tr><td class=\"number quiet\">{}</td><td class=\"words\">{}<div class=\"quiet\">{}</div></td>"
            "<td>{}</td><td>{}</td>", ++place, link_to(entity), html_text(entity.description),
            html_code(model.schema.tables.at(entity.table).name), html_code(entity.collection));
    for (const auto& [name, meaning] : classes) {
      const auto count = counts.find(name);
      out.add("<td class=\"number\">{}</td>", number_or_nothing(count == counts.end() ? 0 : count->second));
    }
    out.add("</tr>");
  }
  out.add("</tbody></table></div></section>");
  return out.take();
}

std::string losses_section(const MappingModel& model) {
  Lines rows;
  const auto add = [&](std::string_view what, const std::string& name, const std::string& reason, Position position) {
    rows.add("<tr><td>{}</td><td>{}</td><td>{}</td><td class=\"quiet\">{}</td></tr>", pill(what), name, reason,
             html_text(printed(model, position)));
  };
  for (const PurgedTable& purged : model.purged) {
    add("purge", "table " + html_code(model.schema.tables.at(purged.table).name), html_text(purged.reason),
        purged.position);
  }
  for (const std::size_t index : model.order) {
    const Entity& entity = model.entities.at(index);
    for (const DocumentedField& field : documented_fields(model, entity)) {
      if (field.what != "purge" && field.what != "lossy") continue;
      add(field.what, link_to(entity) + " " + html_code(field.column.empty() ? field.field : field.column),
          html_of_markdown(field.note), field.position);
    }
  }
  const std::string text = rows.take();
  Lines out;
  out.add("<section id=\"losses\"><h2>What does not go over</h2>");
  if (text.empty()) out.add("<p>Nothing is left out.</p>");
  else out.add("<div class=\"scroll\"><table><tbody>").raw(text).add("</tbody></table></div>");
  out.add("</section>");
  return out.take();
}

}  // namespace twowayc
