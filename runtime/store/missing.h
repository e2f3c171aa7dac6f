// A store that is not what the mapping expects.
#pragma once

#include <string>
#include <vector>

#include "runtime/model/entity.h"

namespace twoway {

/// Throws Error(cannot_start) that names what `store` lacks (the first dozen of it), unless nothing is missing.
void refuse_missing(const Mapping& mapping, const std::string& store, std::vector<std::string> missing,
                    const std::string& hint);

}  // namespace twoway
