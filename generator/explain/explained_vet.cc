#include "generator/explain/explanation_rows.h"

namespace twowayc {
namespace {

constexpr VetRow rows[] = {
    {VetFinding::open_rule,
     "In PocketBase an empty rule means everyone, and no rule means superusers only. If everyone is meant,\n"
     "nothing is wrong.",
     "entities/purchase.yaml", "  list: ''", "  list: '@request.auth.id != \"\" && customer = @request.auth.id'"},
    {VetFinding::anonymous_owner,
     "`@request.auth.id` is empty for people who have not signed in, and a relation whose target is missing is\n"
     "empty as well: they are equal. Ask that there is an id, too.",
     "entities/purchase.yaml", "  view: 'customer = @request.auth.id'",
     "  view: '@request.auth.id != \"\" && customer = @request.auth.id'"},
    {VetFinding::unindexed_relation,
     "The rule runs for each request, and PocketBase then reads the whole collection to find the few records\n"
     "that it lets through. An index that begins with the relation answers it. (Relations that no rule uses\n"
     "are listed as advice only.)",
     "entities/purchase.yaml", "  - { on: [made_at, customer] }", "  - { on: [customer, made_at] }"},
    {VetFinding::swapped_columns,
     "Two columns of one type and one lens, and each field is named like the other column. No law is broken,\n"
     "and the round trip is exact; but whoever works in PocketBase reads the wrong value under the right name.",
     "entities/purchase.yaml",
     "  made_at:  { to: sent_at, lens: epoch_seconds, default: created }\n"
     "  sent_at:  { to: made_at, lens: epoch_seconds, witnesses: [1767225600, null] }",
     "  made_at:  { lens: epoch_seconds, default: created }\n"
     "  sent_at:  { lens: epoch_seconds, witnesses: [1767225600, null] }"},
    {VetFinding::said_once,
     "A wrong unit, a wrong target, a default that is missing: every round trip is exact all the same. What the\n"
     "schema says as well (`holds`, `references`, `null: never`, `secret`) is checked against what the entity says.",
     "sql/shop.yaml", "      sent_at:  { type: bigint }", "      sent_at:  { type: bigint, holds: epoch_seconds }"},
    {VetFinding::needs_default,
     "The column forbids NULL, so a record that was made in PocketBase with an empty date gets the beginning of\n"
     "time, or no date at all: hardly what the application expects.",
     "entities/purchase.yaml", "  due:      { lens: date }", "  due:      { lens: date, default: created }"},
    {VetFinding::boolean_sense,
     "`boolean` shows the value as it is, `boolean_negated` the opposite, and the round trip is exact with either.\n"
     "A field of another name than its column's is the opposite as often as not.",
     "entities/purchase.yaml", "  paid:     { to: unpaid, lens: boolean }", "  paid:     { lens: boolean }"},
};

}  // namespace

std::span<const VetRow> explained_vet() { return rows; }

}  // namespace twowayc
