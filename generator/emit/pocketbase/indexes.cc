#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "generator/emit/pocketbase/collections.h"
#include "generator/emit/text/literal.h"

namespace twowayc {
namespace {

std::string quoted(std::string_view name) { return fmt::format("`{}`", name); }

/// `idx_chats__user_id__updated_at`: names are unique in the whole database.
std::string index_name(std::string_view kind, const Entity& entity, const std::vector<std::string>& fields) {
  return fmt::format("{}_{}__{}", kind, entity.collection, joined(fields, "__"));
}

/// Unique indexes leave out records with an empty field: they stand for NULL, of which SQL allows any number.
std::string unique_index(const std::string& name, const Entity& entity, const std::vector<std::string>& fields,
                         std::string_view collation) {
  std::vector<std::string> columns;
  std::vector<std::string> filled;
  for (const std::string& field : fields) {
    columns.push_back(quoted(field) + std::string(collation));
    filled.push_back(quoted(field) + " != ''");
  }
  return fmt::format("CREATE UNIQUE INDEX {} ON {} ({}) WHERE {}", quoted(name), quoted(entity.collection),
                     joined(columns, ", "), joined(filled, " AND "));
}

std::string plain_index(const Entity& entity, const std::vector<std::string>& fields) {
  std::vector<std::string> columns;
  for (const std::string& field : fields) columns.push_back(quoted(field));
  return fmt::format("CREATE INDEX {} ON {} ({})", quoted(index_name("idx", entity, fields)), quoted(entity.collection),
                     joined(columns, ", "));
}

/// Those that PocketBase wants: token keys, and one for each field that people sign in with.
void add_auth_indexes(const Entity& entity, std::vector<std::string>& out, std::set<std::string>& unique) {
  out.push_back(fmt::format("CREATE UNIQUE INDEX {} ON {} (`tokenKey`)",
                            quoted("idx_tokenKey_" + entity.collection_id), quoted(entity.collection)));
  std::vector<std::string> identity = entity.identity;
  identity.insert(identity.begin(), "email");
  for (const std::string& field : identity) {
    if (!unique.insert(field).second) continue;
    out.push_back(unique_index(fmt::format("idx_{}_{}", field, entity.collection_id), entity, {field},
                               " COLLATE NOCASE"));
  }
}

}  // namespace

std::vector<std::string> collection_indexes(const Entity& entity) {
  std::vector<std::string> out;
  std::set<std::string> unique;  // fields that have a unique index of their own
  // PocketBase looks for an id without regard to case whenever a record is made.
  out.push_back(fmt::format("CREATE INDEX {} ON {} (`id` COLLATE NOCASE)", quoted(index_name("idx", entity, {"id"})),
                            quoted(entity.collection)));
  if (entity.auth) add_auth_indexes(entity, out, unique);
  for (const PocketBaseIndex& index : entity.indexes) {
    if (!index.unique) {
      out.push_back(plain_index(entity, index.fields));
    } else if (index.fields.size() != 1 || unique.insert(index.fields[0]).second) {
      out.push_back(unique_index(index_name("uq", entity, index.fields), entity, index.fields, ""));
    }
  }
  for (const Route& route : entity.routes) {
    const std::string index = plain_index(entity, {route.owner.field, route.order, "id", route.list.field});
    if (std::find(out.begin(), out.end(), index) == out.end()) out.push_back(index);
  }
  for (const Derived& derived : entity.derived) {
    if (!derived.unique || !unique.insert(derived.field).second) continue;
    out.push_back(unique_index(index_name("uq", entity, {derived.field}), entity, {derived.field}, ""));
  }
  return out;
}

std::vector<std::string> index_names(const Entity& entity, const std::vector<std::string>& fields) {
  std::vector<std::string> names;
  for (const std::string& index : collection_indexes(entity)) {
    const std::size_t name = index.find('`') + 1;
    const std::size_t columns = index.find('(');
    const auto is_over = [&](const std::string& field) {
      return index.find(quoted(field), columns) != std::string::npos;
    };
    if (!std::any_of(fields.begin(), fields.end(), is_over)) continue;
    names.push_back(index.substr(name, index.find('`', name) - name));
  }
  return names;
}

}  // namespace twowayc
