// All outputs of a mapping.
#pragma once

#include "generator/emit/output/file_tree.h"
#include "generator/model/mapping_model.h"

namespace twowayc {

/// Everything that is generated from the mapping, the MANIFEST included. The same mapping gives the same bytes.
FileTree emit(const MappingModel& model);

}  // namespace twowayc
