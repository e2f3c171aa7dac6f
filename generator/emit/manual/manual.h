// The manual of a mapping: one HTML page with a section for each entity, and a picture of how they depend on each
// other. Both are complete in themselves: no script, no font, nothing from a network.
#pragma once

#include <string>

#include "generator/emit/output/file_tree.h"
#include "generator/model/mapping_model.h"

namespace twowayc {

/// `manual.html` and `entities.svg`.
FileTree emit_manual(const MappingModel& model);

/// The picture alone. `standalone`: a file of its own, with its style in it; else a part of a page, whose anchors its
/// boxes lead to.
std::string entity_diagram(const MappingModel& model, bool standalone);

}  // namespace twowayc
