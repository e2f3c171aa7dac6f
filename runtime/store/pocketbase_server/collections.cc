#include "runtime/store/pocketbase_server/collections.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "runtime/store/missing.h"
#include "runtime/store/pocketbase_directory/attic_records.h"

namespace twoway {

namespace json = boost::json;
using http::Method;

namespace {

constexpr int page_size = 200;

std::string_view text(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string_view(value->as_string()) : std::string_view();
}

const json::array& fields_of(const json::object& collection) {
  static const json::array none;
  const json::value* fields = collection.if_contains("fields");
  return fields != nullptr && fields->is_array() ? fields->as_array() : none;
}

/// The text between two marks; empty where they are not there.
std::string_view between(std::string_view text, std::string_view begin, std::string_view end) {
  const std::size_t from = text.find(begin);
  if (from == std::string_view::npos) return {};
  text.remove_prefix(from + begin.size());
  const std::size_t to = text.find(end);
  return to == std::string_view::npos ? std::string_view() : text.substr(0, to);
}

/// A JavaScript constant of several JSON strings, `"a" +\n "b"`, as one JSON string.
std::string joined_literals(std::string_view code) {
  std::string out = "\"";
  bool inside = false;
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (code[i] == '"') inside = !inside;
    else if (inside) {
      out += code[i];
      if (code[i] == '\\') out += code[++i];
    }
  }
  return out + "\"";
}

/// A field of an existing collection that the mapping replaces by one of the same name and another type goes first: an
/// import would take the two for one.
void remove_replaced_fields(ServerApi& api, const json::object& there, const json::object& wanted) {
  json::array kept;
  bool replaced = false;
  for (const json::value& field : fields_of(there)) {
    bool stays = true;
    for (const json::value& other : fields_of(wanted)) {
      const bool same_name = text(other.as_object(), "name") == text(field.as_object(), "name");
      stays = stays && !(same_name && text(other.as_object(), "id") != text(field.as_object(), "id"));
    }
    if (stays) kept.push_back(field);
    replaced = replaced || !stays;
  }
  if (!replaced) return;
  const std::string body = json::serialize(json::object{{"fields", std::move(kept)}});
  api.ask(Method::patch, fmt::format("/api/collections/{}", percent_encoded(text(there, "id"))), body,
          "a change of its collections");
}

}  // namespace

json::array server_collections(ServerApi& api) {
  json::array all;
  for (int page = 1;; ++page) {
    json::object answer = api.ask(Method::get, fmt::format("/api/collections?perPage={}&page={}", page_size, page), {},
                                  "its list of collections");
    json::value* items = answer.if_contains("items");
    if (items == nullptr || !items->is_array()) throw api.refusal({200, {}, {}, {}, {}, {}}, "its list of collections");
    for (json::value& item : items->as_array()) {
      if (item.is_object()) all.push_back(std::move(item));
    }
    if (items->as_array().size() < page_size) return all;
  }
}

const json::object* find_collection(const json::array& collections, std::string_view name) {
  for (const json::value& collection : collections) {
    if (text(collection.as_object(), "name") == name) return &collection.as_object();
  }
  return nullptr;
}

std::set<std::string> field_names(const json::object& collection) {
  std::set<std::string> names;
  for (const json::value& field : fields_of(collection)) {
    if (field.is_object()) names.emplace(text(field.as_object(), "name"));
  }
  return names;
}

void check_server_collections(ServerApi& api, const Mapping& mapping) {
  const json::array collections = server_collections(api);
  std::vector<std::string> missing;
  const auto check = [&](std::string_view name, const std::vector<std::string_view>& fields) {
    const json::object* there = find_collection(collections, name);
    if (there == nullptr) {
      missing.push_back(fmt::format("collection {}", name));
      return;
    }
    const std::set<std::string> names = field_names(*there);
    for (const std::string_view field : fields) {
      if (!names.contains(std::string(field))) missing.push_back(fmt::format("field {}.{}", name, field));
    }
  };
  for (const Entity* entity : mapping.entities) {
    std::vector<std::string_view> fields{"residue", "created"};
    for (const RecordField& field : entity->fields) fields.push_back(field.name);
    check(entity->collection, fields);
  }
  check(attic_collection, {"table", "kind", "name", "row"});
  refuse_missing(mapping, api.describe(), std::move(missing),
                 "Make the collections with `twoway prepare` and the server's address. Where an older mapping made "
                 "them, copy the mapping's migration under a new number into pb_migrations and restart PocketBase.");
}

json::array mapped_collections(const Mapping& mapping) {
  json::array all;
  for (const Mapping::MigrationFile& file : mapping.pocketbase_migrations) {
    // The generator writes each collection as JSON, but for the one constant that all of them share.
    const std::string pattern = joined_literals(between(file.content, "const recordId =", ";"));
    std::string code = "[" + std::string(between(file.content, "app.importCollections([", "\n  ], false)")) + "]";
    constexpr std::string_view name = "\"pattern\": recordId";
    for (std::size_t at = 0; (at = code.find(name, at)) != std::string::npos;) {
      code.replace(at, name.size(), "\"pattern\": " + pattern);
      at += pattern.size();
    }
    boost::system::error_code error;
    json::value parsed = json::parse(code, error);
    if (error || !parsed.is_array()) continue;
    for (json::value& collection : parsed.as_array()) all.push_back(std::move(collection));
  }
  return all;
}

void make_collections(ServerApi& api, const Mapping& mapping) {
  const json::array wanted = mapped_collections(mapping);
  const json::array there = server_collections(api);
  for (const json::value& collection : wanted) {
    const json::object* existing = find_collection(there, text(collection.as_object(), "name"));
    if (existing != nullptr) remove_replaced_fields(api, *existing, collection.as_object());
  }
  const std::string body = json::serialize(json::object{{"collections", wanted}, {"deleteMissing", false}});
  api.ask(Method::put, "/api/collections/import", body, "the import of collections");
}

std::uint64_t count_records(ServerApi& api, std::string_view collection) {
  const json::object page = api.ask(
      Method::get, fmt::format("/api/collections/{}/records?perPage=1&fields=id", percent_encoded(collection)), {},
      fmt::format("the collection {}", collection));
  const json::value* total = page.if_contains("totalItems");
  return total != nullptr && total->is_int64() ? static_cast<std::uint64_t>(total->as_int64()) : 0;
}

}  // namespace twoway
