#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "generator/check/check.h"
#include "generator/check/pocketbase_field.h"
#include "generator/check/pocketbase_names.h"
#include "generator/model/cpp_names.h"
#include "generator/source/suggest.h"

namespace twowayc {
namespace {

void check_legal(std::string_view what, const std::string& name, std::size_t longest, Position position,
                 DiagnosticSink& sink) {
  const std::string why = pocketbase_refusal(name, longest);
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
    check_legal("collection", entities[i].collection, longest_collection_name, position, sink);
    if (is_reserved_collection(entities[i].collection, entities[i].auth)) {
      sink.error(DiagnosticId::pocketbase_name, position,
                 fmt::format("'{}' is a collection that PocketBase or twoway brings along", entities[i].collection));
    }
    claim(entities[i].collection, position, "collection");
  }
  for (std::size_t i = 0; i < entities.size(); ++i) {
    const std::string& id = entities[i].collection_id;
    if (is_reserved_collection(id, true)) {
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
    if (is_reserved_field(field.name, entity.auth)) {
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
