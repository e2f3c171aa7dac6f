// Binds the names of one entity. Internal to resolve/.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "generator/model/cpp_names.h"
#include "generator/resolve/resolution.h"
#include "generator/source/diagnostic.h"
#include "generator/source/source_set.h"

namespace twowayc {

/// What all entities share while they are resolved.
struct ResolveContext {
  const SqlSchema& schema;
  const std::vector<Lens>& lenses;                  ///< all that are known, sorted by name
  const std::vector<std::string>& entity_names;     ///< all that have a file, sorted
  const std::map<std::string, std::size_t>& entity_index;   ///< those that could be bound to a table
  const SourceSet& sources;
  DiagnosticSink& sink;
};

/// Use: construct it, call run() once. Fills in the entity and its sources.
class EntityResolver {
 public:
  EntityResolver(const syntax::EntityFile& file, const ResolveContext& context, Entity& entity, EntitySource& source)
      : file_(file), context_(context), entity_(entity), source_(source) {}

  /// entity.table must be set. `prefix` makes the collection's id.
  void run(const std::string& prefix);

 private:
  /// A field whose column is known.
  struct BoundField {
    ColumnReference column;
    const syntax::Field* syntax;
  };

  // entity_resolver.cc: columns and keys
  void resolve_joins();
  void resolve_collection();
  void bind_fields();
  void resolve_key();
  void add_columns();
  std::vector<ColumnReference> key_order(std::vector<ColumnReference> key) const;
  std::optional<ColumnReference> find_reference(const syntax::Text& name);
  const SqlTable& table() const { return context_.schema.tables[entity_.table]; }
  std::string qualified(ColumnReference column) const;

  // resolve_field.cc
  void resolve_field(const BoundField& bound);
  void resolve_reference(const syntax::Field& field, std::size_t column, MappedField& result, bool& complete);
  std::optional<KeyPart> resolve_key_template(const syntax::Text& text, std::size_t own_column);
  std::optional<std::size_t> find_lens(const syntax::Text& name);
  std::optional<std::size_t> find_entity(const syntax::Text& name);
  /// The index into Entity::columns of a column that this row carries; reports others.
  std::optional<std::size_t> find_member(const syntax::Text& name);

  // resolve_parts.cc: what is built on fields
  void resolve_mirrors();
  void resolve_derived();
  void resolve_only();
  void resolve_files();
  std::optional<FileField::Member> find_json_member(const syntax::Text& text);
  std::optional<std::string> resolve_stored(const syntax::Text& text);
  void resolve_indexes();
  void resolve_routes();
  void resolve_people();
  void check_field_name(const syntax::Text& name, bool system_too);

  const syntax::EntityFile& file_;
  const ResolveContext& context_;
  Entity& entity_;
  EntitySource& source_;
  std::vector<BoundField> bound_;
  UniqueNames members_;   ///< of the row struct: "auth.id" beside "auth_id" gets a further '_'
};

/// A default as the column's type has it. Reports one that does not fit.
std::optional<Default> resolve_default(const syntax::Scalar& scalar, const SqlColumn& column, const Lens& lens,
                                       DiagnosticSink& sink);

/// The witnesses of a field as the column's type has them. Reports those that do not fit, and witnesses of a lens that
/// does not run at compile time.
std::vector<Witness> resolve_witnesses(const syntax::Field& field, const SqlColumn& column, const Lens& lens,
                                       DiagnosticSink& sink);

}  // namespace twowayc
