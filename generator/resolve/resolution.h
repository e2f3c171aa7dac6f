// The model as far as names could be bound, beside the syntax that each part came from. The checks read both.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "generator/model/mapping_model.h"
#include "generator/parse/syntax.h"

namespace twowayc {

/// A column of the schema, by index.
struct ColumnReference {
  std::size_t table = 0;    ///< index into SqlSchema::tables
  std::size_t column = 0;   ///< index into SqlTable::columns
  bool operator==(const ColumnReference&) const = default;
};

/// One place in an entity file that accounts for a column.
struct Mention {
  ColumnReference column;
  Position position;
};

/// The syntax of an entity's parts; each list runs parallel to the model's. What could not be bound is in neither.
struct EntitySource {
  const syntax::EntityFile* file = nullptr;
  std::vector<const syntax::Field*> fields;
  std::vector<const syntax::Field*> purged;
  std::vector<ColumnReference> purged_columns;
  std::vector<const syntax::Mirror*> mirrors;
  std::vector<const syntax::Derived*> derived;
  std::vector<const syntax::PocketBaseOnly*> only_in_pocketbase;
  std::vector<const syntax::FileField*> files;
  std::vector<const syntax::Route*> routes;
  std::vector<Mention> mentions;      ///< of columns: fields, record_id keys, joined columns; by position
};

struct Resolution {
  MappingModel model;
  std::vector<EntitySource> sources;  ///< parallel to MappingModel::entities
  bool entities_dropped = false;      ///< an entity was left out after an error; whole tables may seem unmapped
};

/// The column that a member of an entity's row struct stands for.
inline const SqlColumn& sql_column(const MappingModel& model, const EntityColumn& column) {
  return model.schema.tables[column.table].columns[column.column];
}

/// Names of the fields that an entity has in PocketBase, sorted, without the system's own (id, created, residue).
std::vector<std::string> pocketbase_fields(const Entity& entity);

}  // namespace twowayc
