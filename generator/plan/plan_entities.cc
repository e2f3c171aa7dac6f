#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

#include "generator/plan/graph.h"
#include "generator/plan/plan.h"

namespace twowayc {
namespace {

constexpr std::size_t not_stated = std::numeric_limits<std::size_t>::max();

/// Why one entity comes after another.
struct Edge {
  std::string field;
  Position position;
};
using Edges = std::map<std::pair<std::size_t, std::size_t>, Edge>;

/// The first reference of each entity to each other that counts for the order.
Edges counted_references(const Resolution& resolution) {
  Edges edges;
  const auto& entities = resolution.model.entities;
  for (std::size_t i = 0; i < entities.size(); ++i) {
    for (const MappedField& field : entities[i].fields) {
      if (!field.target || field.deferred) continue;
      edges.emplace(std::pair(i, *field.target), Edge{entities[i].columns[field.column].qualified, field.position});
    }
  }
  return edges;
}

Graph graph_of(std::size_t size, const Edges& edges) {
  Graph needs(size);
  for (const auto& [ends, edge] : edges) needs[ends.first].push_back(ends.second);
  return needs;
}

class EntityPlanner {
 public:
  EntityPlanner(Resolution& resolution, const syntax::MappingFile& file, DiagnosticSink& sink)
      : model_(resolution.model), file_(file), sink_(sink), dropped_(resolution.entities_dropped),
        edges_(counted_references(resolution)), needs_(graph_of(model_.entities.size(), edges_)) {}

  void plan() {
    read_stated_order();
    const auto found = cycles(needs_);
    for (const auto& cycle : found) report_cycle(cycle);
    if (found.empty()) check_stated_order();
    model_.order = dependency_order(needs_, wanted_order());
  }

 private:
  /// The stated order, then the others by name.
  std::vector<std::size_t> wanted_order() const {
    std::vector<std::size_t> wanted(stated_.size());
    std::iota(wanted.begin(), wanted.end(), std::size_t{0});
    const auto earlier = [&](std::size_t a, std::size_t b) { return stated_[a] < stated_[b]; };
    std::stable_sort(wanted.begin(), wanted.end(), earlier);
    return wanted;
  }

  void read_stated_order() {
    stated_.assign(model_.entities.size(), not_stated);
    std::vector<std::string> names;
    for (const Entity& entity : model_.entities) names.push_back(entity.name);
    for (std::size_t place = 0; place < file_.order.size(); ++place) {
      const syntax::Text& name = file_.order[place];
      const auto found = std::lower_bound(names.begin(), names.end(), name.value);
      const auto index = static_cast<std::size_t>(found - names.begin());
      if (found == names.end() || *found != name.value) {
        if (dropped_) continue;   // it may be the one that was reported
        sink_.error(DiagnosticId::entity_unknown, name.position, fmt::format("unknown entity '{}'", name.value))
            .with_suggestion(name.value, names);
      } else if (stated_[index] != not_stated) {
        sink_.error(DiagnosticId::order_twice, name.position, fmt::format("'{}' stands twice in the order", name.value))
            .with_note(file_.order[stated_[index]].position, "it stands here already")
            .with_hint("remove one of the two");
      } else {
        stated_[index] = place;
      }
    }
  }

  /// "a -> b -> c".
  std::string path_text(const std::vector<std::size_t>& path) const {
    std::string text;
    for (const std::size_t node : path) text += (text.empty() ? "" : " -> ") + model_.entities[node].name;
    return text;
  }

  void add_edge_notes(Diagnostic& error, const std::vector<std::size_t>& path, std::size_t first) const {
    for (std::size_t i = first; i + 1 < path.size(); ++i) {
      const Edge& edge = edges_.at({path[i], path[i + 1]});
      error.with_note(edge.position, fmt::format("{}.{} refers to {}", model_.entities[path[i]].name, edge.field,
                                                 model_.entities[path[i + 1]].name));
    }
  }

  void report_cycle(const std::vector<std::size_t>& path) {
    Diagnostic& error = sink_.error(DiagnosticId::reference_cycle, edges_.at({path[0], path[1]}).position,
                                    fmt::format("references wait for one another: {}", path_text(path)));
    add_edge_notes(error, path, 1);
    if (path.size() == 2) error.with_hint("a reference to the entity itself needs deferred: true");
    else error.with_hint("put deferred: true on one of them: it is then written after both sides are there");
  }

  /// Reports each pair that is stated the wrong way round, unless another stated entity between them shows it closer.
  void check_stated_order() {
    const auto unstated = [&](std::size_t node) { return stated_[node] == not_stated; };
    for (std::size_t a = 0; a < stated_.size(); ++a) {
      for (std::size_t b = 0; b < stated_.size(); ++b) {
        if (unstated(a) || unstated(b) || stated_[a] >= stated_[b]) continue;
        const auto path = shortest_path(needs_, a, b, unstated);
        if (!path) continue;
        const std::string& first = model_.entities[a].name;
        const std::string& second = model_.entities[b].name;
        Diagnostic& error = sink_.error(
            DiagnosticId::order_contradicts, file_.order[stated_[a]].position,
            fmt::format("'{}' is stated before '{}', but needs it: {}", first, second, path_text(*path)));
        error.with_note(file_.order[stated_[b]].position, fmt::format("'{}' is stated here", second));
        add_edge_notes(error, *path, 0);
        error.with_hint(fmt::format("put '{}' before '{}', or leave both to the references", second, first));
      }
    }
  }

  MappingModel& model_;
  const syntax::MappingFile& file_;
  DiagnosticSink& sink_;
  bool dropped_;
  Edges edges_;
  Graph needs_;
  std::vector<std::size_t> stated_;   ///< place in the stated order, by entity
};

}  // namespace

void plan_entity_order(Resolution& resolution, const syntax::MappingFile& file, DiagnosticSink& sink) {
  EntityPlanner(resolution, file, sink).plan();
}

}  // namespace twowayc
