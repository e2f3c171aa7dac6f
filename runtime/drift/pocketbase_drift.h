// The collections of a live PocketBase compared with those that the mapping's migration makes.
#pragma once

#include <boost/json/array.hpp>

#include "runtime/drift/drift.h"

namespace twoway::drift {

/// Fills differences and questions. Both are collections as PocketBase's interface describes them. PocketBase's own
/// collections (`_superusers`...) do not count.
void compare_collections(const Mapping& mapping, const boost::json::array& live, const boost::json::array& mapped,
                         Report& report);

}  // namespace twoway::drift
