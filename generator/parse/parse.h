// From a folder of files to the syntax of one mapping.
#pragma once

#include <filesystem>
#include <optional>

#include "generator/parse/node.h"
#include "generator/parse/syntax.h"
#include "generator/source/diagnostic.h"
#include "generator/source/source_set.h"

namespace twowayc {

/// Loads and parses mapping.yaml, the SQL file that it names and entities/*.yaml, and computes the digest of them all.
/// Reports all errors of all files; returns nothing if there were any.
std::optional<syntax::Mapping> parse_directory(const std::filesystem::path& directory, SourceSet& sources,
                                               DiagnosticSink& sink);

/// The stages of the above, one for each kind of file.
syntax::MappingFile parse_mapping_file(const Node& root, DiagnosticSink& sink);
syntax::SchemaFile parse_schema_file(const Node& root, DiagnosticSink& sink);
syntax::EntityFile parse_entity_file(const Node& root, DiagnosticSink& sink);

/// A reason that must say something: reports an empty one.
syntax::OptionalText parse_reason(const Node& node, DiagnosticSink& sink);

/// The words for SQL types without a length, and for the types of PocketBase that a declared lens may have.
syntax::Option<SqlType> parse_sql_type(const Node& node, std::size_t& length, DiagnosticSink& sink);

}  // namespace twowayc
