// The single pages.
#pragma once

#include <string>
#include <vector>

#include "generator/model/mapping_model.h"

namespace twowayc {

std::string overview_page(const MappingModel& model);
std::string entity_page(const MappingModel& model, const Entity& entity);
/// What docs/runbooks leaves to the mapping: order, tables, collections, what stays behind.
std::string runbook_page(const MappingModel& model, bool to_pocketbase);

/// One line of an entity's table: a column, a field, or a pair of them.
struct DocumentedField {
  std::string column;        ///< empty: only PocketBase has it
  std::string column_type;   ///< `BIGINT, not null`
  std::string field;         ///< empty: nothing arrives in PocketBase
  std::string field_type;
  std::string lens;
  std::string what;          ///< class: iso, residue, mirror, derived, lossy, purge
  std::string note;          ///< Markdown
  Position position;
};

/// All columns and fields of an entity, each once.
std::vector<DocumentedField> documented_fields(const MappingModel& model, const Entity& entity);

}  // namespace twowayc
