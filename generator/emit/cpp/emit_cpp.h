// The C++ of a mapping: structs, transforms, descriptors, proofs, schemas. Thin and straight-line, for reviewers.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "generator/emit/cpp/entity_view.h"
#include "generator/emit/output/file_tree.h"
#include "generator/emit/text/lines.h"
#include "generator/model/mapping_model.h"

namespace twowayc {

/// Files of PocketBase to embed: file name, content.
using NamedFiles = std::vector<std::pair<std::string, std::string>>;

/// The header with the source's digest; no entity is called so, for names of entities have no '-'.
inline constexpr std::string_view digest_header = "positions/source-digest.h";

/// Adds all C++ files.
void emit_cpp(const MappingModel& model, const NamedFiles& migrations, const NamedFiles& hooks, FileTree& tree);

// One function a file; each returns the whole text.
std::string emit_positions(const EntityView& view);
std::string emit_entity_header(const EntityView& view);
std::string emit_entity_source(const EntityView& view);
std::string emit_digest(const MappingModel& model);
std::string emit_mapping_header(const MappingModel& model);
std::string emit_mapping_source(const MappingModel& model);
std::string emit_proofs(const MappingModel& model, const std::vector<EntityView>& views);
std::string emit_schema_sqlite(const MappingModel& model);
std::string emit_schema_postgresql(const MappingModel& model);
std::string emit_embedded_migrations(const MappingModel& model, const NamedFiles& migrations);
std::string emit_embedded_hooks(const MappingModel& model, const NamedFiles& hooks);

// Parts of an entity's source file.
void emit_transforms(const EntityView& view, Lines& out);
void emit_tables(const EntityView& view, Lines& out);

/// `// Code generated ... DO NOT EDIT.`
void emit_header_line(const std::string& source, Lines& out);
/// The file name of an entity without its ending.
std::string entity_file(const Entity& entity);
/// The namespace of positions and of fields of an entity: `chat_at`, `chat_field`.
std::string positions_namespace(const Entity& entity);
std::string fields_namespace(const Entity& entity);

}  // namespace twowayc
