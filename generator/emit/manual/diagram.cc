// The picture: a box an entity, a column for each step of dependency, a line for each reference.
#include <fmt/format.h>

#include <algorithm>

#include "generator/emit/manual/html.h"
#include "generator/emit/manual/layout.h"
#include "generator/emit/manual/manual.h"
#include "generator/emit/text/lines.h"

namespace twowayc {
namespace {

// All in CSS pixels.
constexpr int box_width = 216, box_height = 42, gap_x = 84, gap_y = 12, margin = 16, top = 44, legend_height = 40;

struct Point {
  int x = 0, y = 0;   ///< of the upper left corner of a box
};

class Picture {
 public:
  Picture(const MappingModel& model, bool standalone)
      : model_(model), standalone_(standalone), diagram_(lay_out(model)) {
    places_.resize(model.entities.size());
    for (std::size_t i = 0; i < model.order.size(); ++i) places_[model.order[i]] = i + 1;
    corners_.resize(model.entities.size());
    for (std::size_t column = 0; column < diagram_.columns.size(); ++column) {
      const auto& entities = diagram_.columns[column];
      for (std::size_t row = 0; row < entities.size(); ++row) {
        corners_[entities[row]] = {margin + static_cast<int>(column) * (box_width + gap_x),
                                   top + static_cast<int>(row) * (box_height + gap_y)};
        height_ = std::max(height_, corners_[entities[row]].y + box_height);
      }
    }
    width_ = 2 * margin + static_cast<int>(diagram_.columns.size()) * (box_width + gap_x) - gap_x;
  }

  std::string draw() {
    const int height = height_ + legend_height + margin;
    out_.add("<svg class=\"diagram\" xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" "
             "viewBox=\"0 0 {0} {1}\" role=\"img\" aria-label=\"Entities and their references\">", width_, height);
    if (standalone_) {
      out_.add("<style>{}</style>", diagram_style);
      out_.add("<rect width=\"100%\" height=\"100%\" fill=\"#f6f7f9\"/>");
    }
    out_.add("<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" "
             "markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0 8 4 0 8z\" fill=\"context-stroke\"/></marker></defs>");
    headings();
    // Lines first, so that they pass behind the boxes. An entity's own stand in its group once more, shown when the
    // pointer is on it.
    for (const DiagramEdge& edge : diagram_.edges) line(edge);
    for (const std::size_t entity : model_.order) box(entity);
    legend();
    out_.add("</svg>");
    return out_.take();
  }

 private:
  void headings() {
    for (std::size_t column = 0; column < diagram_.columns.size(); ++column) {
      const std::string text = column == 0 ? "refers to none" : fmt::format("step {}", column + 1);
      out_.add("<text class=\"level\" x=\"{}\" y=\"{}\">{}</text>",
               margin + static_cast<int>(column) * (box_width + gap_x), top - 14, text);
    }
  }

  /// From the left edge of the box to the right edge of its target; a deferred one may have to go round.
  void line(const DiagramEdge& edge) {
    const Point from = corners_[edge.from];
    const Point to = corners_[edge.to];
    const int y1 = from.y + box_height / 2;
    const int y2 = to.y + box_height / 2;
    const std::string_view kind = edge.deferred ? "edge deferred" : "edge";
    if (to.x < from.x) {
      const int bend = std::max(40, (from.x - to.x - box_width) / 2);
      out_.add("<path class=\"{}\" marker-end=\"url(#arrow)\" d=\"M{} {}C{} {} {} {} {} {}\"/>", kind, from.x, y1,
               from.x - bend, y1, to.x + box_width + bend, y2, to.x + box_width + 2, y2);
    } else {
      const int right = std::max(from.x, to.x) + box_width + 46;
      out_.add("<path class=\"{}\" marker-end=\"url(#arrow)\" d=\"M{} {}C{} {} {} {} {} {}\"/>", kind,
               from.x + box_width, y1, right, y1, right, y2, to.x + box_width + 2, y2);
    }
  }

  std::string hub_names(std::size_t entity) const {
    std::string names;
    for (const std::size_t hub : diagram_.hubs_of[entity]) {
      names += (names.empty() ? "\u2192 " : ", ") + model_.entities[hub].name;
    }
    return names;
  }

  void box(std::size_t index) {
    const Entity& entity = model_.entities[index];
    const Point at = corners_[index];
    out_.add("<g class=\"box\">");
    if (!entity.description.empty()) out_.add("<title>{}</title>", html_text(entity.description));
    for (const DiagramEdge& edge : diagram_.edges) {
      if (edge.from == index) line(edge);
    }
    if (!standalone_) out_.add("<a href=\"#{}\">", html_text(entity.name));
    out_.add("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"7\"/>", at.x, at.y, box_width, box_height);
    const std::string_view loop = diagram_.refers_to_itself[index] ? " \u21BB" : "";
    out_.add("<text class=\"name\" x=\"{}\" y=\"{}\">{}{}</text>", at.x + 10, at.y + 18,
             html_text(shortened(entity.name)), loop);
    out_.add("<text class=\"place\" x=\"{}\" y=\"{}\">{}</text>", at.x + box_width - 8, at.y + 17, places_[index]);
    out_.add("<text class=\"detail\" x=\"{}\" y=\"{}\">{} columns</text>", at.x + 10, at.y + 33, entity.columns.size());
    const std::string hubs = hub_names(index);
    if (!hubs.empty()) {
      out_.add("<text class=\"hub\" x=\"{}\" y=\"{}\">{}</text>", at.x + box_width - 8, at.y + 33, html_text(hubs));
    }
    out_.add("{}</g>", standalone_ ? "" : "</a>");
  }

  void legend() {
    const int y = height_ + legend_height - 8;
    std::string text = "A line goes to what the entity refers to, dashed where the reference is filled in later; "
                       "\u21BB refers to itself.";
    if (!diagram_.hubs.empty()) text += " \u2192 names what too many refer to for lines.";
    out_.add("<text class=\"level\" x=\"{}\" y=\"{}\">{}</text>", margin, y, text);
  }

  /// A name that fits into its box.
  static std::string shortened(const std::string& name) {
    constexpr std::size_t longest = 22;
    return name.size() <= longest ? name : name.substr(0, longest - 1) + "\u2026";
  }

  const MappingModel& model_;
  bool standalone_;
  Diagram diagram_;
  std::vector<std::size_t> places_;   ///< in the order of writing, from 1
  std::vector<Point> corners_;
  int width_ = 0, height_ = top;
  Lines out_;
};

}  // namespace

std::string entity_diagram(const MappingModel& model, bool standalone) { return Picture(model, standalone).draw(); }

}  // namespace twowayc
