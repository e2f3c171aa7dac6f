// Orders: of the entities by their references, of a row's columns by what they are computed from.
#pragma once

#include "generator/parse/syntax.h"
#include "generator/resolve/resolution.h"
#include "generator/source/diagnostic.h"

namespace twowayc {

/// Fills in MappingModel::order and Entity::to_sql_order. Reports a stated order that contradicts the references, and
/// cycles of references that are not deferred, each with the whole path.
void plan(Resolution& resolution, const syntax::MappingFile& file, DiagnosticSink& sink);

/// Those two, each on its own.
void plan_entity_order(Resolution& resolution, const syntax::MappingFile& file, DiagnosticSink& sink);
void plan_column_order(Resolution& resolution, DiagnosticSink& sink);

}  // namespace twowayc
