// The pages of a mapping, for people: what becomes what, and what does not go over.
#pragma once

#include "generator/emit/output/file_tree.h"
#include "generator/model/mapping_model.h"

namespace twowayc {

/// Adds docs/README.md and a page per entity.
void emit_documentation(const MappingModel& model, FileTree& tree);

}  // namespace twowayc
