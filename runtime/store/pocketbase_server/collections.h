// The collections of a server.
#pragma once

#include <set>
#include <string>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "runtime/model/entity.h"
#include "runtime/store/pocketbase_server/api.h"

namespace twoway {

/// All of them, as PocketBase describes them.
boost::json::array server_collections(ServerApi& api);
/// The one of this name; null where there is none.
const boost::json::object* find_collection(const boost::json::array& collections, std::string_view name);
std::set<std::string> field_names(const boost::json::object& collection);

/// Throws Error(cannot_start) where a mapped collection or a field is missing.
void check_server_collections(ServerApi& api, const Mapping& mapping);

/// The mapping's collections as its migration makes them.
boost::json::array mapped_collections(const Mapping& mapping);
/// Makes them.
void make_collections(ServerApi& api, const Mapping& mapping);

/// How many records there are now.
std::uint64_t count_records(ServerApi& api, std::string_view collection);

}  // namespace twoway
