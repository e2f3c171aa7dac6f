#include "generator/explain/explanation_rows.h"

namespace twowayc {
namespace {

constexpr ExplanationRow resolve_rows[] = {
    {DiagnosticId::mapping_name,
     "The name becomes a C++ namespace and part of file names, and a copy of a folder under another name would\n"
     "collide with the original. So it equals the folder's name.",
     "mapping.yaml", "mapping: shpo", "mapping: shop"},
    {DiagnosticId::entity_name,
     "An entity is found by its file: `of: customer` means `entities/customer.yaml`. So both have one name, of\n"
     "lower-case letters, digits and `_`.",
     "entities/tag.yaml", "entity: label", "entity: tag"},
    {DiagnosticId::table_unknown,
     "The SQL file declares no table of this name. Names are compared with their case.",
     "entities/purchase.yaml", "sql: purchases", "sql: purchase"},
    {DiagnosticId::column_unknown,
     "The SQL file declares no such column in this table. A column of a joined table is written\n"
     "`table.column`.",
     "entities/purchase.yaml", "  notes:    { lens: text, hidden: true }", "  note:     { lens: text, hidden: true }"},
    {DiagnosticId::lens_unknown,
     "The lens is neither in the table of [the language](mapping-language.md#lenses) nor declared under\n"
     "`lenses:`.",
     "entities/purchase.yaml", "  made_at:  { lens: epoch_secs, default: created }",
     "  made_at:  { lens: epoch_seconds, default: created }"},
    {DiagnosticId::entity_unknown,
     "There is no `entities/NAME.yaml` for this name.", "entities/tag.yaml",
     "  customer: { lens: reference, of: custmer, on_delete: cascade }",
     "  customer: { lens: reference, of: customer, on_delete: cascade }"},
    {DiagnosticId::field_unknown,
     "Indexes, `identity` and `derived` speak of PocketBase's fields: the names behind `to:`, not the columns.",
     "entities/purchase.yaml", "  - { on: [customer, maid_at] }", "  - { on: [customer, made_at] }"},
    {DiagnosticId::template_syntax,
     "A template is text with names in braces.", "entities/tag.yaml",
     "  label:    { template: \"{customer:{name}\", unique: true }",
     "  label:    { template: \"{customer}:{name}\", unique: true }"},
    {DiagnosticId::lens_twice,
     "A lens of your own cannot take the name of a built-in one: whoever reads `lens: number` must know what\n"
     "it is.",
     "mapping.yaml",
     "  number: { header: lenses/cents.h, struct: shop::Cents, sql: integer, pocketbase: number, fidelity: iso }",
     "  cents: { header: lenses/cents.h, struct: shop::Cents, sql: integer, pocketbase: number, fidelity: iso }"},
    {DiagnosticId::lens_unused,
     "A warning. A lens that no field uses is not compiled, so nobody proves it any more. Use it or remove it.",
     "mapping.yaml",
     "lenses:\n"
     "  euros: { header: lenses/euros.h, struct: shop::Euros, sql: integer, pocketbase: number, fidelity: iso }",
     "lenses:"},
    {DiagnosticId::sql_name_clash,
     "SQLite and PostgreSQL compare names without case, and some names belong to the databases or to twoway\n"
     "itself.",
     "sql/shop.yaml",
     "      note:     { type: text, secret: true }\n      Note:     { type: text }",
     "      note:     { type: text, secret: true }"},
    {DiagnosticId::column_order,
     "`after:` says behind which column this one stands in PostgreSQL. These go in a circle.",
     "sql/shop.yaml",
     "      made_at:  { type: bigint, holds: epoch_seconds, null: never, postgresql: { after: made_at } }",
     "      made_at:  { type: bigint, holds: epoch_seconds, null: never, postgresql: { after: id } }"},
};

constexpr ExplanationRow coverage_rows[] = {
    {DiagnosticId::table_unmapped,
     "Every table of the SQL file goes over, or it is said why not. A table that somebody forgot is data that\n"
     "somebody loses. (Tables that the SQL file does not know travel in the attic.)",
     "mapping.yaml", "order: [customer, tag, purchase]",
     "order: [customer, tag, purchase]\npurge:\n  session: \"Sign-ins end with the move.\""},
    {DiagnosticId::table_twice,
     "Two entities that write one table would overwrite each other's rows on the way back; a purged table is\n"
     "in no entity.",
     "mapping.yaml", "  session: \"Sign-ins end with the move.\"\n  customer: \"Nobody buys any more.\"",
     "  session: \"Sign-ins end with the move.\""},
    {DiagnosticId::column_unmapped,
     "Every column is mapped or purged with a reason. This is the error that a new column gives: declare it in\n"
     "the SQL file, and the compiler asks what becomes of it. The hint is a line that compiles; a lens that\n"
     "says more may fit better.",
     "entities/purchase.yaml", "fields:\n  customer: { lens: reference, of: customer, on_delete: clear }",
     "fields:\n  customer: { lens: reference, of: customer, on_delete: clear }\n"
     "  note:     { lens: text, hidden: true }"},
    {DiagnosticId::column_twice,
     "Two fields for one column: on the way back both would have an answer. A `record_id` key has no field of\n"
     "its own; a key column that wants one is written `key: { id: field }`.",
     "entities/purchase.yaml",
     "  note:     { lens: text, hidden: true }\n  id:       { lens: text, to: number }",
     "  note:     { lens: text, hidden: true }"},
};

}  // namespace

std::span<const ExplanationRow> explained_resolve() { return resolve_rows; }
std::span<const ExplanationRow> explained_coverage() { return coverage_rows; }

}  // namespace twowayc
