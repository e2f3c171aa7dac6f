// What is legal in a mapping and still wants a look.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "generator/model/mapping_model.h"
#include "generator/source/diagnostic.h"

namespace twowayc {

struct VetReport {
  std::string text;           ///< for people, a line each
  std::size_t findings = 0;   ///< lines that ask for a change; declared losses and advice are listed and do not count
};

/// Lists what is purged or lossy, with reasons; finds rules that open a collection to everyone, relations without an
/// index that rules use, and pairs of columns that look exchanged. `warnings` are the compiler's: unused lenses.
VetReport vet(const MappingModel& model, const std::vector<const Diagnostic*>& warnings);

}  // namespace twowayc
