// What must hold of a mapping beyond its names: one file for each concern.
#pragma once

#include "generator/parse/syntax.h"
#include "generator/resolve/resolution.h"
#include "generator/source/diagnostic.h"

namespace twowayc {

/// Runs all checks; each reports all that it finds.
void check(const Resolution& resolution, const syntax::MappingFile& file, DiagnosticSink& sink);

/// Every table and every column is accounted for exactly once.
void check_coverage(const Resolution& resolution, const syntax::MappingFile& file, DiagnosticSink& sink);
/// Keys are injective, joins are one to one.
void check_keys(const Resolution& resolution, DiagnosticSink& sink);
/// Each field's lens fits its column, its options fit its lens.
void check_fields(const Resolution& resolution, DiagnosticSink& sink);
/// What the SQL side's declaration says of its columns, beyond their types, is what the fields make of them.
void check_facts(const Resolution& resolution, DiagnosticSink& sink);
/// References and mirrors name as many key parts as their target has; deletions leave legal rows.
void check_references(const Resolution& resolution, DiagnosticSink& sink);
/// Derived fields, indexes, fields that only PocketBase has.
void check_parts(const Resolution& resolution, DiagnosticSink& sink);
/// Routes can be answered, by an index, and take nothing from PocketBase.
void check_routes(const Resolution& resolution, DiagnosticSink& sink);
/// The fields that every auth collection brings along, and sign-in.
void check_auth(const Resolution& resolution, DiagnosticSink& sink);
/// Names that PocketBase and C++ accept, each once.
void check_names(const Resolution& resolution, const syntax::MappingFile& file, DiagnosticSink& sink);

}  // namespace twowayc
