// What is legal in a mapping and still wants a look.
#pragma once

#include <cstddef>
#include <string>

#include "generator/model/mapping_model.h"

namespace twowayc {

struct VetReport {
  std::string text;           ///< for people, a line each
  std::size_t findings = 0;   ///< lines that ask for a change; declared losses are listed and do not count
};

/// Lists what is purged or lossy, with reasons; finds rules that open a collection to everyone and relations that rules
/// use without an index.
VetReport vet(const MappingModel& model);

}  // namespace twowayc
