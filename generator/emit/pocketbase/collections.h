// The collections of a mapping, as PocketBase's importCollections takes them: JavaScript objects.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "generator/model/mapping_model.h"

namespace twowayc {

/// The id that PocketBase gives its own users collection. It exists in every new PocketBase.
inline constexpr std::string_view default_users_id = "_pb_users_auth_";
/// Where rows of tables live that no mapping names.
inline constexpr std::string_view attic_name = "twoway_attic";
/// PocketBase wants no collection's id to be a collection's name.
inline constexpr std::string_view attic_id = "pbc_twoway_attic";

/// The id field's pattern (Go's RE2): admits canonical record ids only. Equal to twoway::record_id::pattern. It is
/// long, so the collections name a JavaScript constant `recordId` instead of it.
std::string_view record_id_pattern();

/// One object per collection, entities in dependency order, the attic last. Each is text of several lines.
std::vector<std::string> collection_objects(const MappingModel& model);

/// A field of a collection.
struct CollectionField {
  std::string name;
  std::string id;       ///< what PocketBase itself would give it: type and checksum of the name
  std::string object;   ///< on one line
};

/// The fields of an entity's collection, in order.
std::vector<CollectionField> collection_fields(const MappingModel& model, const Entity& entity);
/// The statements of its indexes.
std::vector<std::string> collection_indexes(const Entity& entity);
/// The names of those indexes that are over any of these fields.
std::vector<std::string> index_names(const Entity& entity, const std::vector<std::string>& fields);

/// CollectionField::id.
std::string field_id(std::string_view type, std::string_view name);

}  // namespace twowayc
