#include "generator/resolve/resolve.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "generator/model/cpp_names.h"
#include "generator/resolve/entity_resolver.h"
#include "generator/resolve/lens_table.h"
#include "generator/resolve/resolve_schema.h"

namespace twowayc {
namespace {

/// A declared type accepts all SQL types of its family.
std::vector<SqlType> family(SqlType type) {
  if (type == SqlType::text) return {SqlType::text, SqlType::varchar};
  if (type == SqlType::integer) return {SqlType::integer, SqlType::bigint};
  return {type};
}

Lens custom_lens(const syntax::CustomLens& syntax) {
  Lens lens;
  lens.name = syntax.name.value;
  lens.struct_name = syntax.struct_name.value;
  lens.header = syntax.header.value;
  for (const auto& type : syntax.sql) {
    for (const SqlType member : family(type.value)) lens.sql_types.push_back(member);
  }
  lens.pocketbase = syntax.pocketbase;
  lens.fidelity = syntax.fidelity;
  lens.built_in = false;
  lens.position = syntax.name.position;
  return lens;
}

/// All lenses that the mapping may name, sorted by name.
std::vector<Lens> known_lenses(const syntax::MappingFile& file, DiagnosticSink& sink) {
  std::vector<Lens> lenses(built_in_lenses().begin(), built_in_lenses().end());
  for (const syntax::CustomLens& lens : file.lenses) {
    if (find_built_in_lens(lens.name.value) != nullptr) {
      sink.error(DiagnosticId::lens_twice, lens.name.position,
                 fmt::format("'{}' is the name of a built-in lens", lens.name.value))
          .with_hint("call it otherwise, here and in the fields that use it");
      continue;
    }
    lenses.push_back(custom_lens(lens));
  }
  std::sort(lenses.begin(), lenses.end(), [](const Lens& a, const Lens& b) { return a.name < b.name; });
  return lenses;
}

/// Keeps the lenses that fields use and binds the fields to what is left.
void drop_unused_lenses(const std::vector<Lens>& known, MappingModel& model, DiagnosticSink& sink) {
  std::vector<bool> used(known.size(), false);
  for (const Entity& entity : model.entities) {
    for (const MappedField& field : entity.fields) used[field.lens] = true;
  }
  std::vector<std::size_t> place(known.size(), 0);
  for (std::size_t i = 0; i < known.size(); ++i) {
    place[i] = model.lenses.size();
    if (used[i]) model.lenses.push_back(known[i]);
    if (used[i] || known[i].built_in) continue;
    sink.warning(DiagnosticId::lens_unused, known[i].position, fmt::format("no field uses lens '{}'", known[i].name));
  }
  for (Entity& entity : model.entities) {
    for (MappedField& field : entity.fields) field.lens = place[field.lens];
  }
}

void check_mapping_name(const syntax::Text& name, const MappingPlace& place, DiagnosticSink& sink) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  if (!std::all_of(name.value.begin(), name.value.end(), allowed)) {
    sink.error(DiagnosticId::mapping_name, name.position, "a mapping is called by letters, digits, '-' and '_' only");
  }
  if (name.value == place.folder) return;
  sink.error(DiagnosticId::mapping_name, name.position,
             fmt::format("the mapping is called '{}' but its folder '{}'", name.value, place.folder))
      .with_hint(fmt::format("write mapping: {}, or rename the folder", place.folder));
}

bool is_name(std::string_view text) {
  const auto word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return !text.empty() && text.front() >= 'a' && text.front() <= 'z' && std::all_of(text.begin(), text.end(), word);
}

bool check_entity_name(const syntax::EntityFile& file, const SourceSet& sources, DiagnosticSink& sink) {
  const std::string stem = std::filesystem::path(sources.file(file.file).relative_path).stem().string();
  if (file.name.value != stem) {
    sink.error(DiagnosticId::entity_name, file.name.position,
               fmt::format("the entity is called '{}' but its file '{}.yaml'", file.name.value, stem))
        .with_hint(fmt::format("write entity: {}, or rename the file to {}.yaml", stem, file.name.value));
    return false;
  }
  if (is_name(stem)) return true;
  sink.error(DiagnosticId::entity_name, file.name.position, fmt::format("'{}' is no name for an entity", stem))
      .with_hint("use lower-case letters, digits and '_', a letter first");
  return false;
}

/// An entity whose table is known.
struct Candidate {
  const syntax::EntityFile* file;
  std::size_t table;
};

std::vector<Candidate> bind_tables(const syntax::Mapping& mapping, const SqlSchema& schema, const SourceSet& sources,
                                   DiagnosticSink& sink) {
  std::vector<Candidate> result;
  for (const syntax::EntityFile& file : mapping.entities) {
    const bool named = check_entity_name(file, sources, sink);
    const auto table = find_table(schema, file.table, sink);
    if (named && table) result.push_back({&file, *table});
  }
  std::sort(result.begin(), result.end(),
            [](const Candidate& a, const Candidate& b) { return a.file->name.value < b.file->name.value; });
  return result;
}

void resolve_purged_tables(const syntax::MappingFile& file, MappingModel& model, DiagnosticSink& sink) {
  for (const syntax::Purge& purge : file.purge) {
    const auto table = find_table(model.schema, purge.name, sink);
    if (table) model.purged.push_back({*table, purge.reason.value, purge.name.position});
  }
}

MappingModel start_model(const syntax::Mapping& mapping, const MappingPlace& place, const SourceSet& sources) {
  MappingModel model;
  model.name = mapping.mapping.name.value;
  model.cpp_namespace = cpp_name(model.name);
  model.description = mapping.mapping.description;
  model.directory = place.directory;
  model.schema_file = mapping.mapping.sql.value;
  model.pocketbase_version = mapping.mapping.pocketbase_version;
  model.collection_prefix = mapping.mapping.collection_prefix.value;
  model.reject_nul = mapping.mapping.reject_nul;
  model.digest = mapping.digest;
  for (std::uint32_t i = 0; i < sources.size(); ++i) {
    model.files.push_back(place.directory + "/" + sources.file(i).relative_path);
  }
  return model;
}

}  // namespace

Resolution resolve(const syntax::Mapping& mapping, const MappingPlace& place, const SourceSet& sources,
                   DiagnosticSink& sink) {
  Resolution result;
  result.model = start_model(mapping, place, sources);
  check_mapping_name(mapping.mapping.name, place, sink);
  result.model.schema = resolve_schema(mapping.schema, sink);
  resolve_purged_tables(mapping.mapping, result.model, sink);
  const std::vector<Lens> lenses = known_lenses(mapping.mapping, sink);
  const std::vector<Candidate> candidates = bind_tables(mapping, result.model.schema, sources, sink);
  result.entities_dropped = candidates.size() != mapping.entities.size();

  std::vector<std::string> names;
  for (const syntax::EntityFile& file : mapping.entities) names.push_back(file.name.value);
  std::sort(names.begin(), names.end());
  std::map<std::string, std::size_t> indexes;
  for (std::size_t i = 0; i < candidates.size(); ++i) indexes.emplace(candidates[i].file->name.value, i);

  const ResolveContext context{result.model.schema, lenses, names, indexes, sources, sink};
  result.model.entities.resize(candidates.size());
  result.sources.resize(candidates.size());
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    result.model.entities[i].table = candidates[i].table;
    EntityResolver(*candidates[i].file, context, result.model.entities[i], result.sources[i])
        .run(result.model.collection_prefix);
  }
  drop_unused_lenses(lenses, result.model, sink);
  return result;
}

}  // namespace twowayc
