#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <string_view>

#include "generator/check/check.h"
#include "generator/check/pocketbase_field.h"
#include "generator/model/cpp_names.h"
#include "generator/source/suggest.h"

namespace twowayc {
namespace {

constexpr std::size_t longest_collection_name = 255;
constexpr std::size_t longest_field_name = 100;

// In lower case, because PocketBase compares names so.
constexpr std::string_view reserved_fields[] = {"id",   "residue", "created", "collectionid", "collectionname",
                                                "expand", "null",  "true",    "false",        "_rowid_"};
constexpr std::string_view reserved_auth_fields[] = {"passwordconfirm", "oldpassword"};
constexpr std::string_view reserved_collections[] = {
    "_collections", "_migrations", "_params", "_externalauths", "_mfas", "_otps", "_authorigins", "_superusers",
    "twoway_attic"};

template <std::size_t Size>
bool contains(const std::string_view (&names)[Size], std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

/// Why PocketBase refuses the name; empty if it does not.
std::string refusal(std::string_view name, std::size_t longest) {
  if (name.empty()) return "it is empty";
  if (!std::all_of(name.begin(), name.end(), is_word)) return "only letters, digits and '_' are allowed";
  if (name.front() >= '0' && name.front() <= '9') return "it begins with a digit";
  if (name.size() > longest) return fmt::format("it is longer than {} characters", longest);
  if (name.find("_via_") != std::string_view::npos) return "'_via_' means something in PocketBase";
  return {};
}

void check_legal(std::string_view what, const std::string& name, std::size_t longest, Position position,
                 DiagnosticSink& sink) {
  const std::string why = refusal(name, longest);
  if (why.empty()) return;
  sink.error(DiagnosticId::pocketbase_name, position,
             fmt::format("PocketBase refuses '{}' as the name of a {}: {}", name, what, why));
}

void check_collections(const Resolution& resolution, DiagnosticSink& sink) {
  std::map<std::string, Position> seen;
  const auto claim = [&](const std::string& name, Position position, std::string_view what) {
    const auto [first, is_new] = seen.emplace(lower_case(name), position);
    if (is_new) return;
    sink.error(DiagnosticId::collection_twice, position, fmt::format("{} '{}' is taken", what, name))
        .with_note(first->second, "by this one (case does not count)")
        .with_hint("give one of the two another name");
  };
  const auto& entities = resolution.model.entities;
  for (std::size_t i = 0; i < entities.size(); ++i) {
    const Position position = resolution.sources[i].file->collection_name.position;
    const std::string lower = lower_case(entities[i].collection);
    check_legal("collection", entities[i].collection, longest_collection_name, position, sink);
    const bool default_auth = lower == "users" && !entities[i].auth;
    if (contains(reserved_collections, lower) || lower.starts_with("sqlite_") || default_auth) {
      sink.error(DiagnosticId::pocketbase_name, position,
                 fmt::format("'{}' is a collection that PocketBase or twoway brings along", entities[i].collection));
    }
    claim(entities[i].collection, position, "collection");
  }
  for (std::size_t i = 0; i < entities.size(); ++i) {
    const std::string& id = entities[i].collection_id;
    if (contains(reserved_collections, lower_case(id))) {
      sink.error(DiagnosticId::collection_twice, entities[i].position,
                 fmt::format("collection id '{}' is one that twoway needs itself", id));
    }
    if (lower_case(id) == lower_case(entities[i].collection)) continue;
    if (!entities[i].auth) claim(id, resolution.sources[i].file->name.position, "collection id");
  }
}

void check_field_names(const Resolution& resolution, std::size_t index, DiagnosticSink& sink) {
  const Entity& entity = resolution.model.entities[index];
  std::map<std::string, Position> seen;
  std::map<std::string, Position> members;
  for (const PocketBaseField& field : all_pocketbase_fields(resolution.model, entity, resolution.sources[index])) {
    const std::string lower = lower_case(field.name);
    check_legal("field", field.name, longest_field_name, field.position, sink);
    if (contains(reserved_fields, lower) || (entity.auth && contains(reserved_auth_fields, lower))) {
      sink.error(DiagnosticId::field_reserved, field.position,
                 fmt::format("'{}' is a name that PocketBase or twoway needs itself", field.name))
          .with_hint("choose another with to:");
    }
    const auto [first, is_new] = seen.emplace(lower, field.position);
    if (!is_new) {
      sink.error(DiagnosticId::field_twice, field.position, fmt::format("field '{}' is taken", field.name))
          .with_note(first->second, "by this one (case does not count)")
          .with_hint("give one of the two another name with to:");
      continue;
    }
    const auto [other, is_free] = members.emplace(cpp_name(field.name), field.position);
    if (is_free) continue;
    sink.error(DiagnosticId::cpp_name_clash, field.position,
               fmt::format("field '{}' would be called '{}' in C++", field.name, other->first))
        .with_note(other->second, "and so would this one");
  }
}

void check_struct_names(const Resolution& resolution, DiagnosticSink& sink) {
  std::map<std::string, Position> structs;
  for (const Entity& entity : resolution.model.entities) {
    const auto [other, is_free] = structs.emplace(entity.struct_name, entity.position);
    if (is_free) continue;
    sink.error(DiagnosticId::cpp_name_clash, entity.position,
               fmt::format("entity '{}' would be called '{}' in C++", entity.name, entity.struct_name))
        .with_note(other->second, "and so would this one");
  }
}

}  // namespace

void check_names(const Resolution& resolution, const syntax::MappingFile& file, DiagnosticSink& sink) {
  const std::string& prefix = file.collection_prefix.value;
  if (!std::all_of(prefix.begin(), prefix.end(), is_word)) {
    sink.error(DiagnosticId::pocketbase_name, file.collection_prefix.position,
               "only letters, digits and '_' are allowed in the ids of collections");
  }
  check_collections(resolution, sink);
  check_struct_names(resolution, sink);
  for (std::size_t i = 0; i < resolution.model.entities.size(); ++i) check_field_names(resolution, i, sink);
}

}  // namespace twowayc
