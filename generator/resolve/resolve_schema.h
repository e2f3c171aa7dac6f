// The SQL schema: constraints bound to columns.
#pragma once

#include "generator/model/mapping_model.h"
#include "generator/parse/syntax.h"
#include "generator/source/diagnostic.h"

namespace twowayc {

/// Reports columns and tables that constraints, indexes and `version` name and the schema does not declare.
SqlSchema resolve_schema(const syntax::SchemaFile& file, DiagnosticSink& sink);

/// Names of a table's columns and of a schema's tables, for suggestions.
std::vector<std::string> column_names(const SqlTable& table);
std::vector<std::string> table_names(const SqlSchema& schema);

/// The index of a table or column; nothing, and a report with a suggestion, if there is none.
std::optional<std::size_t> find_table(const SqlSchema& schema, const syntax::Text& name, DiagnosticSink& sink);
std::optional<std::size_t> find_column(const SqlTable& table, const syntax::Text& name, DiagnosticSink& sink);

}  // namespace twowayc
