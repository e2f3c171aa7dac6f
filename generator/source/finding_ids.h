// What is legal in a mapping and still gets an identifier: what `twowayc vet` and `twowayc breaking` find. Each has an
// explanation in generator/explain/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "generator/source/diagnostic_ids.h"

namespace twowayc {

// X(enumerator, identifier, what it stands for)
#define TWOWAYC_VET_FINDINGS(X)                                                                                     \
  X(open_rule, "open-rule", "a rule that lets everyone in, without signing in")                                     \
  X(anonymous_owner, "anonymous-owner", "a rule in which an empty owner is equal to nobody")                        \
  X(unindexed_relation, "unindexed-relation", "a relation that is searched and has no index")                       \
  X(swapped_columns, "swapped-columns", "two columns of one type whose fields look exchanged")                      \
  X(said_once, "said-once", "what the mapping alone says of a column, so that nothing notices a mistake")           \
  X(needs_default, "needs-default", "an empty date that becomes the beginning of time")                             \
  X(boolean_sense, "boolean-sense", "a boolean whose field is named like the opposite of what it shows")

// X(enumerator, identifier, what it stands for)
#define TWOWAYC_BREAKING_FINDINGS(X)                                                                                \
  X(entity_removed, "entity-removed", "records that nothing reads any more")                                        \
  X(collection_changed, "collection-changed", "an entity in another collection than before")                        \
  X(key_changed, "key-changed", "record ids that are made in another way")                                          \
  X(table_changed, "table-changed", "an entity that goes back into another table")                                  \
  X(join_changed, "join-changed", "joined tables that are found in another way")                                    \
  X(column_removed, "column-removed", "a column that went over and exists no more")                                 \
  X(column_purged, "column-purged", "a column that went over and is purged now")                                    \
  X(field_renamed, "field-renamed", "a column that is read from another field than it was written to")              \
  X(lens_changed, "lens-changed", "a field that is read with another lens than it was written with")                \
  X(column_type, "column-type", "a column that takes other values than before")                                     \
  X(empty_changed, "empty-changed", "an empty field that means something else")                                     \
  X(reference_changed, "reference-changed", "a reference to another target, or by another key")                     \
  X(mirror_changed, "mirror-changed", "a mirror that is gone, or between other things")                             \
  X(only_changed, "only-changed", "a field of PocketBase alone that does not come back as it was")                  \
  X(file_changed, "file-changed", "a field that held files and does not any more")                                  \
  X(null_forbidden, "null-forbidden", "a column that was allowed to be NULL and is not any more")                   \
  X(column_required, "column-required", "a new column that old records have no value for")                          \
  X(constraint_added, "constraint-added", "a constraint that rows of before need not fulfil")

enum class VetFinding : std::uint8_t {
#define TWOWAYC_ENUMERATOR(enumerator, identifier, text) enumerator,
  TWOWAYC_VET_FINDINGS(TWOWAYC_ENUMERATOR)
};
enum class BreakingFinding : std::uint8_t {
  TWOWAYC_BREAKING_FINDINGS(TWOWAYC_ENUMERATOR)
#undef TWOWAYC_ENUMERATOR
};

#define TWOWAYC_NAME(enumerator, identifier, text) {identifier, text},
/// Indexed by VetFinding.
inline constexpr DiagnosticName vet_finding_names[] = {TWOWAYC_VET_FINDINGS(TWOWAYC_NAME)};
/// Indexed by BreakingFinding.
inline constexpr DiagnosticName breaking_finding_names[] = {TWOWAYC_BREAKING_FINDINGS(TWOWAYC_NAME)};
#undef TWOWAYC_NAME

inline constexpr const DiagnosticName& name_of(VetFinding id) {
  return vet_finding_names[static_cast<std::size_t>(id)];
}
inline constexpr const DiagnosticName& name_of(BreakingFinding id) {
  return breaking_finding_names[static_cast<std::size_t>(id)];
}

}  // namespace twowayc
