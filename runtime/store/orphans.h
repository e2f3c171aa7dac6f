// References that lead nowhere, found by the database itself: one statement for all relations of an entity.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/model/entity.h"

namespace twoway {

/// The relations of an entity that a statement can follow, and the statement. Its rows are those with an orphan: the
/// columns of the entity's key, then for each relation 1 or 0 (is it one?) and the parts of the target's key.
struct OrphanStatement {
  struct Followed {
    const RelationEdge* relation;
    const Entity* target;
  };
  std::vector<Followed> relations;
  std::string sql;  ///< empty where the entity has no such relation

  /// The result's column in which a relation begins.
  std::size_t column_of(const Entity& entity, std::size_t relation) const;
};

/// `cast` is put behind each column of the result, for a database whose columns must come as text (`::text`). Mirrors
/// are not followed: their names stand in documents.
OrphanStatement orphan_statement(const Mapping& mapping, const Entity& entity, std::string_view cast = {});

/// The entity of that name; nullptr where there is none.
const Entity* find_entity(const Mapping& mapping, std::string_view name);

}  // namespace twoway
