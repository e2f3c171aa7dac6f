#include "runtime/store/pocketbase_server/server_way.h"

#include "runtime/store/pocketbase_directory/attic_records.h"
#include "runtime/store/pocketbase_directory/external_identities.h"

namespace twoway {

ServerCollection server_collection(const Entity& entity) {
  ServerCollection collection{std::string(entity.collection), {}, {}};
  for (const RecordField& field : entity.fields) {
    collection.columns.emplace_back(field.name);
    collection.updated.push_back(field.type != PocketBaseType::id && !field.insert_only);
  }
  for (const char* name : {"residue", "created"}) {
    collection.columns.emplace_back(name);
    collection.updated.push_back(true);
  }
  return collection;
}

ServerCollection server_attic() {
  return {std::string(attic_collection), {"id", "table", "kind", "name", "row"}, {false, false, false, false, true}};
}

ServerCollection server_identities() {
  ServerCollection collection{std::string(identities_collection), {}, {}};
  for (const std::string_view column : identities_columns) {
    collection.columns.emplace_back(column);
    collection.updated.push_back(column != "id" && column != "created");
  }
  return collection;
}

std::string plain_reason(std::string_view reason) {
  constexpr std::string_view prefix = "constraint failed: ";
  if (const std::size_t begin = reason.find(prefix); begin != std::string_view::npos) {
    reason.remove_prefix(begin + prefix.size());
  }
  // `... (2067)`, in PocketBase's answers with a full stop
  if (reason.ends_with('.')) reason.remove_suffix(1);
  if (reason.ends_with(')')) {
    const std::size_t open = reason.rfind(" (");
    if (open != std::string_view::npos) reason = reason.substr(0, open);
  }
  return std::string(reason);
}

}  // namespace twoway
