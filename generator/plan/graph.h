// A small directed graph: who needs whom. Nodes are numbers, so that answers do not depend on names or addresses.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

namespace twowayc {

/// needs[a] holds the nodes that must come before a, each once, in ascending order.
using Graph = std::vector<std::vector<std::size_t>>;

/// All nodes, each behind what it needs and otherwise as near to `wanted` (all nodes, in the order that is wished for)
/// as that allows: what a node needs is put right before it. Cycles are broken anywhere.
std::vector<std::size_t> dependency_order(const Graph& needs, const std::vector<std::size_t>& wanted);

/// A shortest path from -> ... -> to along `needs` with at least one edge, the ends included. Nodes for which
/// `passable` is false are not used on the way.
std::optional<std::vector<std::size_t>> shortest_path(const Graph& needs, std::size_t from, std::size_t to,
                                                      const std::function<bool(std::size_t)>& passable);

/// One shortest cycle for each knot of cycles, beginning and ending with its smallest node.
std::vector<std::vector<std::size_t>> cycles(const Graph& needs);

}  // namespace twowayc
