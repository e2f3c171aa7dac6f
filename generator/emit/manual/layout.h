// Where the boxes of the picture stand.
#pragma once

#include <cstddef>
#include <vector>

#include "generator/model/mapping_model.h"

namespace twowayc {

/// A reference from one entity to another, drawn once however many fields there are.
struct DiagramEdge {
  std::size_t from = 0, to = 0;   ///< entities
  bool deferred = false;          ///< all of its fields are
};

struct Diagram {
  /// Entities by column: each stands right of all that it refers to, but for deferred references.
  std::vector<std::vector<std::size_t>> columns;
  std::vector<DiagramEdge> edges;           ///< without those to hubs and to the entity itself
  std::vector<std::size_t> hubs;            ///< entities that so many refer to that lines would hide the rest
  std::vector<std::vector<std::size_t>> hubs_of;   ///< by entity: the hubs that it refers to
  std::vector<bool> refers_to_itself;       ///< by entity
};

Diagram lay_out(const MappingModel& model);

}  // namespace twowayc
