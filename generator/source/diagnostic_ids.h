// The one table of diagnostics: each has a stable identifier, printed in brackets, a golden case under
// tests/generator/cases/<identifier>[-variant], and an explanation in generator/explain/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace twowayc {

// X(enumerator, identifier, what it stands for)
#define TWOWAYC_DIAGNOSTICS(X)                                                                               \
  /* source */                                                                                               \
  X(directory_unreadable, "directory-unreadable", "a directory of the mapping is missing or unreadable")     \
  X(file_missing, "file-missing", "a file of the mapping is missing")                                        \
  X(file_unreadable, "file-unreadable", "a file of the mapping cannot be read")                              \
  X(file_too_large, "file-too-large", "a file is larger than a mapping file may be")                         \
  X(file_outside, "file-outside", "a path leads out of the mapping's folder")                                \
  X(file_unexpected, "file-unexpected", "a file in entities/ would be ignored")                              \
  X(file_encoding, "file-encoding", "a file is not UTF-8, or holds a NUL byte")                              \
  /* parse */                                                                                                \
  X(yaml_syntax, "yaml-syntax", "the text is not YAML")                                                      \
  X(yaml_too_deep, "yaml-too-deep", "values are nested deeper than the language ever needs")                 \
  X(yaml_anchor, "yaml-anchor", "an anchor, alias or merge key, which the language does not have")           \
  X(yaml_tag, "yaml-tag", "a tag, which the language does not have")                                         \
  X(yaml_documents, "yaml-documents", "a second document in one file")                                       \
  X(yaml_empty, "yaml-empty", "a file without content")                                                      \
  X(yaml_kind, "yaml-kind", "a map where a text is due, or the like")                                        \
  X(option_duplicate, "option-duplicate", "a key stands twice in one map")                                   \
  X(option_unknown, "option-unknown", "a key that the language does not have here")                          \
  X(option_missing, "option-missing", "a key that must be given")                                            \
  X(option_value, "option-value", "a value that the key does not take")                                      \
  /* resolve */                                                                                              \
  X(mapping_name, "mapping-name", "the mapping's name differs from its folder's")                            \
  X(entity_name, "entity-name", "the entity's name differs from its file's, or is no name")                  \
  X(table_unknown, "table-unknown", "a table that the schema does not declare")                              \
  X(column_unknown, "column-unknown", "a column that the table does not declare")                            \
  X(lens_unknown, "lens-unknown", "a lens that is neither built in nor declared")                            \
  X(entity_unknown, "entity-unknown", "an entity that has no file")                                          \
  X(field_unknown, "field-unknown", "a PocketBase field that the entity does not have")                      \
  X(template_syntax, "template-syntax", "a template that cannot be read")                                    \
  X(lens_twice, "lens-twice", "a declared lens has the name of a built-in one")                              \
  X(lens_unused, "lens-unused", "a declared lens that no field uses")                                        \
  X(sql_name_clash, "sql-name-clash", "two tables or columns differ in case only")                           \
  X(column_order, "column-order", "a column that stands behind itself")                                      \
  /* check: coverage */                                                                                      \
  X(table_unmapped, "table-unmapped", "a table that nothing maps or purges")                                 \
  X(table_twice, "table-twice", "a table that is mapped or purged twice")                                    \
  X(column_unmapped, "column-unmapped", "a column that nothing maps or purges")                              \
  X(column_twice, "column-twice", "a column that is mapped twice")                                           \
  /* check: fields */                                                                                        \
  X(lens_type, "lens-type", "the column's type does not fit the lens")                                       \
  X(lens_option, "lens-option", "an option that does not belong to the lens")                                \
  X(lens_missing, "lens-missing", "a field with neither lens nor purge")                                     \
  X(purge_option, "purge-option", "a purged column with further options")                                    \
  X(purge_not_null, "purge-not-null", "a purged column that must have a value")                              \
  X(reason_empty, "reason-empty", "a purge or lossy without a reason")                                       \
  X(empty_null, "empty-null", "an empty field cannot mean NULL in a NOT NULL column")                        \
  X(default_value, "default-value", "a default that does not fit the column")                                \
  X(column_holds, "column-holds", "a lens for other values than the schema says the column holds")           \
  X(column_refers, "column-refers", "a reference that the schema knows and nothing maps")                    \
  X(column_null, "column-null", "an empty field becomes a NULL that the application cannot read")            \
  X(column_secret, "column-secret", "a secret that people would see in PocketBase")                          \
  X(same_as_target, "same-as-target", "same_as of a column that cannot be repeated")                         \
  X(witness_value, "witness-value", "a witness that the column cannot hold, or that proves nothing")         \
  X(auth_field, "auth-field", "a field that an auth collection has in another form")                         \
  X(auth_twice, "auth-twice", "more than one auth collection")                                               \
  X(people_field, "people-field", "a column that cannot say this of people")                                 \
  /* check: keys, joins and references */                                                                    \
  X(key_not_unique, "key-not-unique", "the key covers neither the primary key nor a unique constraint")      \
  X(key_field, "key-field", "a key column that is declared as a field and has none")                         \
  X(join_not_unique, "join-not-unique", "a join that is not one to one")                                     \
  X(reference_key, "reference-key", "the reference has another number of key parts than its target")         \
  X(reference_template, "reference-template", "the template does not end in the field's own column")         \
  X(on_delete_missing, "on-delete-missing", "a reference that does not say what a deletion does")            \
  X(on_delete_clear, "on-delete-clear", "clear on a column that cannot be NULL")                             \
  X(mirror_column, "mirror-column", "a mirror of a column that is not mapped as JSON")                       \
  X(mirror_key, "mirror-key", "a mirror's key does not fit its target's")                                    \
  X(derived_field, "derived-field", "a derived field made from what is no text")                             \
  X(file_column, "file-column", "a file whose columns cannot say what they are asked for")                   \
  X(index_field, "index-field", "an index over a field that cannot be indexed")                              \
  X(route_path, "route-path", "a path or a parameter that PocketBase or another route has")                  \
  X(route_field, "route-field", "a field by which a route cannot find records")                              \
  X(route_column, "route-column", "a column that a route cannot show")                                       \
  /* check: names */                                                                                         \
  X(pocketbase_name, "pocketbase-name", "a name that PocketBase refuses")                                    \
  X(field_reserved, "field-reserved", "a field name that PocketBase or twoway needs itself")                 \
  X(field_twice, "field-twice", "two columns to one PocketBase field")                                       \
  X(collection_twice, "collection-twice", "two entities to one collection")                                  \
  X(cpp_name_clash, "cpp-name-clash", "two names become the same C++ name")                                  \
  /* plan */                                                                                                 \
  X(order_twice, "order-twice", "an entity stands twice in the order")                                       \
  X(order_contradicts, "order-contradicts", "the stated order contradicts the references")                   \
  X(reference_cycle, "reference-cycle", "references that wait for one another")                              \
  X(column_cycle, "column-cycle", "columns that are computed from one another")

enum class DiagnosticId : std::uint8_t {
#define TWOWAYC_ENUMERATOR(enumerator, identifier, text) enumerator,
  TWOWAYC_DIAGNOSTICS(TWOWAYC_ENUMERATOR)
#undef TWOWAYC_ENUMERATOR
};

struct DiagnosticName {
  std::string_view identifier;  ///< printed in brackets: "lens-unknown"
  std::string_view meaning;     ///< one line
};

/// All diagnostics, indexed by DiagnosticId.
inline constexpr DiagnosticName diagnostic_names[] = {
#define TWOWAYC_NAME(enumerator, identifier, text) {identifier, text},
    TWOWAYC_DIAGNOSTICS(TWOWAYC_NAME)
#undef TWOWAYC_NAME
};

inline constexpr const DiagnosticName& name_of(DiagnosticId id) {
  return diagnostic_names[static_cast<std::size_t>(id)];
}

}  // namespace twowayc
