#include "generator/plan/graph.h"

#include <algorithm>
#include <deque>

namespace twowayc {

namespace {

/// Depth first: what is needed, then the node itself.
class Walk {
 public:
  Walk(const Graph& needs, const std::vector<std::size_t>& wanted) : needs_(needs), place_(wanted.size()) {
    for (std::size_t i = 0; i < wanted.size(); ++i) place_[wanted[i]] = i;
    visited_.assign(needs.size(), false);
  }

  void visit(std::size_t node) {
    if (visited_[node]) return;
    visited_[node] = true;
    std::vector<std::size_t> before = needs_[node];
    std::sort(before.begin(), before.end(), [&](std::size_t a, std::size_t b) { return place_[a] < place_[b]; });
    for (const std::size_t other : before) visit(other);
    order.push_back(node);
  }

  std::vector<std::size_t> order;

 private:
  const Graph& needs_;
  std::vector<std::size_t> place_;
  std::vector<bool> visited_;
};

}  // namespace

std::vector<std::size_t> dependency_order(const Graph& needs, const std::vector<std::size_t>& wanted) {
  Walk walk(needs, wanted);
  for (const std::size_t node : wanted) walk.visit(node);
  return walk.order;
}

std::optional<std::vector<std::size_t>> shortest_path(const Graph& needs, std::size_t from, std::size_t to,
                                                      const std::function<bool(std::size_t)>& passable) {
  constexpr std::size_t nobody = static_cast<std::size_t>(-1);
  std::vector<std::size_t> reached_from(needs.size(), nobody);
  std::deque<std::size_t> open{from};
  while (!open.empty()) {
    const std::size_t node = open.front();
    open.pop_front();
    for (const std::size_t next : needs[node]) {
      if (next == to) {
        std::vector<std::size_t> path{to};
        for (std::size_t at = node; at != from; at = reached_from[at]) path.push_back(at);
        path.push_back(from);
        std::reverse(path.begin(), path.end());
        return path;
      }
      if (next == from || reached_from[next] != nobody || !passable(next)) continue;
      reached_from[next] = node;
      open.push_back(next);
    }
  }
  return std::nullopt;
}

std::vector<std::vector<std::size_t>> cycles(const Graph& needs) {
  const auto anywhere = [](std::size_t) { return true; };
  std::vector<std::vector<std::size_t>> result;
  std::vector<bool> told(needs.size(), false);
  for (std::size_t node = 0; node < needs.size(); ++node) {
    if (told[node]) continue;
    const auto cycle = shortest_path(needs, node, node, anywhere);
    if (!cycle) continue;
    for (std::size_t other = node; other < needs.size(); ++other) {
      const bool same_knot = other == node || (shortest_path(needs, node, other, anywhere).has_value() &&
                                               shortest_path(needs, other, node, anywhere).has_value());
      if (same_knot) told[other] = true;
    }
    result.push_back(*cycle);
  }
  return result;
}

}  // namespace twowayc
