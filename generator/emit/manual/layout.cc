#include "generator/emit/manual/layout.h"

#include <algorithm>
#include <map>
#include <utility>

namespace twowayc {
namespace {

constexpr std::size_t fewest_of_a_hub = 8;   ///< entities that refer to it

using Edges = std::map<std::pair<std::size_t, std::size_t>, bool>;

/// All references: from, to, whether all fields are deferred.
Edges references(const MappingModel& model) {
  Edges edges;
  for (std::size_t from = 0; from < model.entities.size(); ++from) {
    for (const MappedField& field : model.entities[from].fields) {
      if (!field.target) continue;
      const auto [edge, is_new] = edges.emplace(std::pair(from, *field.target), field.deferred);
      edge->second = edge->second && field.deferred;
    }
    for (const Mirror& mirror : model.entities[from].mirrors) edges.emplace(std::pair(from, mirror.target), false);
  }
  return edges;
}

std::vector<std::size_t> find_hubs(const Edges& edges, std::size_t entities) {
  std::vector<std::size_t> referring(entities, 0);
  for (const auto& [edge, deferred] : edges) referring[edge.second] += edge.first == edge.second ? 0 : 1;
  std::vector<std::size_t> hubs;
  for (std::size_t entity = 0; entity < entities; ++entity) {
    if (referring[entity] >= fewest_of_a_hub && referring[entity] * 4 >= entities) hubs.push_back(entity);
  }
  return hubs;
}

/// The column of each entity, computed in the order in which they are written: targets come first.
std::vector<std::size_t> levels(const MappingModel& model, const Edges& edges) {
  std::vector<std::size_t> level(model.entities.size(), 0);
  for (const std::size_t entity : model.order) {
    for (const auto& [edge, deferred] : edges) {
      const bool counts = edge.first == entity && edge.second != entity && !deferred;
      if (counts) level[entity] = std::max(level[entity], level[edge.second] + 1);
    }
  }
  return level;
}

/// Puts each box near the ones that it refers to: by the mean of their places, then in the order of writing.
void untangle(const std::vector<DiagramEdge>& edges, std::vector<std::vector<std::size_t>>& columns,
              std::size_t entities) {
  std::vector<double> place(entities, 0);
  for (std::vector<std::size_t>& column : columns) {
    std::vector<double> wanted(entities, -1);   // refers to nothing that is drawn: on top
    for (const std::size_t entity : column) {
      double sum = 0, count = 0;
      for (const DiagramEdge& edge : edges) {
        if (edge.from != entity || edge.deferred) continue;
        sum += place[edge.to];
        count += 1;
      }
      if (count > 0) wanted[entity] = sum / count;
    }
    std::stable_sort(column.begin(), column.end(),
                     [&](std::size_t a, std::size_t b) { return wanted[a] < wanted[b]; });
    for (std::size_t row = 0; row < column.size(); ++row) place[column[row]] = static_cast<double>(row);
  }
}

}  // namespace

Diagram lay_out(const MappingModel& model) {
  const Edges all = references(model);
  Diagram diagram;
  diagram.hubs = find_hubs(all, model.entities.size());
  diagram.hubs_of.resize(model.entities.size());
  diagram.refers_to_itself.resize(model.entities.size());
  for (const auto& [edge, deferred] : all) {
    const bool to_hub = std::find(diagram.hubs.begin(), diagram.hubs.end(), edge.second) != diagram.hubs.end();
    if (edge.first == edge.second) diagram.refers_to_itself[edge.first] = true;
    else if (to_hub) diagram.hubs_of[edge.first].push_back(edge.second);
    else diagram.edges.push_back({edge.first, edge.second, deferred});
  }
  const std::vector<std::size_t> level = levels(model, all);
  for (const std::size_t entity : model.order) {
    if (diagram.columns.size() <= level[entity]) diagram.columns.resize(level[entity] + 1);
    diagram.columns[level[entity]].push_back(entity);
  }
  untangle(diagram.edges, diagram.columns, model.entities.size());
  return diagram;
}

}  // namespace twowayc
