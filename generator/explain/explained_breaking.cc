#include "generator/explain/explanation_rows.h"

namespace twowayc {
namespace {

constexpr bool replayed = true;   ///< what changes several files at once is not

constexpr BreakingRow rows[] = {
    {BreakingFinding::entity_removed,
     "PocketBase still has the collection, and nothing brings its records back.",
     "mapping.yaml",
     "purge:\n"
     "  purchase: \"Nobody buys any more.\"\n"
     "  session: \"Sign-ins end with the move.\"",
     "purge:\n"
     "  session: \"Sign-ins end with the move.\"", !replayed},
    {BreakingFinding::collection_changed,
     "The program looks for the records in another collection than they are in. Rename the collection in\n"
     "PocketBase first, or keep its name.",
     "entities/purchase.yaml",
     "pocketbase: sales",
     "pocketbase: purchases"},
    {BreakingFinding::key_changed,
     "A record is found by its id, and its id is made from the key. With another key, or another order or kind\n"
     "of it, each record would come back as another row, and references would dangle.",
     "entities/purchase.yaml",
     "key: { id: field }\n"
     "fields:\n"
     "  id:       { lens: text, to: number }",
     "key: { id: record_id }\n"
     "fields:"},
    {BreakingFinding::table_changed,
     "Rows go back into another table than they came from. If the table was renamed, the target has it under\n"
     "its new name and all is well; the finding asks you to look.",
     "entities/purchase.yaml",
     "sql: sale",
     "sql: purchase", !replayed},
    {BreakingFinding::join_changed,
     "Columns of a joined table are found through the pair that joins it. With another pair, or without the\n"
     "join, they come back into other rows or not at all.",
     "entities/customer.yaml",
     "  login: { on: { person: id } }",
     "  login: { on: { id: id } }", !replayed},
    {BreakingFinding::column_removed,
     "The column is gone from the SQL file, so nothing reads its field any more.",
     "sql/shop.yaml",
     "    columns:\n"
     "      id:       { type: text, null: false }",
     "    columns:\n"
     "      id:       { type: text, null: false }\n"
     "      note:     { type: text, secret: true }", !replayed},
    {BreakingFinding::column_purged,
     "Records hold values of the column, and nothing brings them back. (What is purged from the beginning\n"
     "breaks nothing.)",
     "entities/purchase.yaml",
     "  note:     { purge: \"Nobody reads it.\" }",
     "  note:     { lens: text, hidden: true }"},
    {BreakingFinding::field_renamed,
     "What old records hold stands in the field of before, and the new mapping reads the new one, which is\n"
     "empty.",
     "entities/purchase.yaml",
     "  note:     { to: remark, lens: text, hidden: true }",
     "  note:     { lens: text, hidden: true }"},
    {BreakingFinding::lens_changed,
     "The value that one lens wrote means something else to another: a date of seconds read as milliseconds, a\n"
     "true read as false.",
     "entities/purchase.yaml", "  paid:     { lens: boolean_negated }", "  paid:     { lens: boolean }"},
    {BreakingFinding::column_type,
     "Values of the old type are none of the new one: bigint is wider than integer, and text than varchar(10).",
     "sql/shop.yaml",
     "      note:     { type: varchar(10), secret: true }",
     "      note:     { type: text, secret: true }"},
    {BreakingFinding::empty_changed,
     "An empty field of an old record stood for NULL and comes back as the empty value, or the other way\n"
     "round. This is also what a NOT NULL that is dropped does.",
     "entities/purchase.yaml",
     "  note:     { lens: text, hidden: true, empty: value }",
     "  note:     { lens: text, hidden: true }"},
    {BreakingFinding::reference_changed,
     "A relation holds the id of a record of the old target, made from the old key.",
     "entities/purchase.yaml",
     "  customer: { lens: reference, of: customer, template: \"x{customer}\", on_delete: clear }",
     "  customer: { lens: reference, of: customer, on_delete: clear }"},
    {BreakingFinding::mirror_changed,
     "What people changed in the relation reaches the array only through the mirror; without it the array\n"
     "comes back as it was.",
     "entities/purchase.yaml",
     "indexes:",
     "mirrors:\n"
     "  tags: { column: extra, path: tags, of: tag, key: [\"[]\", customer], prefer: relation }\n"
     "indexes:", !replayed},
    {BreakingFinding::only_changed,
     "The side table keeps only values that differ from the declared one. With another declaration, those that\n"
     "were not kept come back as something else.",
     "entities/customer.yaml",
     "  verified:   { type: bool, value: false }",
     "  verified:   { type: bool, value: true }"},
    {BreakingFinding::file_changed,
     "Files stay in PocketBase's storage when no field names them any more, and the way back does not find them.",
     "entities/purchase.yaml", "  bill:\n", "  invoice:\n"},
    {BreakingFinding::null_forbidden,
     "Rows of before may hold NULL, which the new column refuses.",
     "sql/shop.yaml",
     "      note:     { type: text, null: false, secret: true }",
     "      note:     { type: text, secret: true }"},
    {BreakingFinding::column_required,
     "Old records have nothing for the new column, it must not be NULL, and no `default:` says what to write.",
     "entities/purchase.yaml",
     "  note:     { lens: text, hidden: true }\n"
     "  paid_at:  { lens: epoch_seconds }",
     "  note:     { lens: text, hidden: true }", !replayed},
    {BreakingFinding::constraint_added,
     "SQL would refuse rows of before that do not fulfil it. Look into the data first: if all rows do, nothing\n"
     "breaks.",
     "sql/shop.yaml",
     "    primary_key: [id]\n"
     "    unique: [[hash]]\n"
     "  tag:",
     "    primary_key: [id]\n"
     "  tag:"},
};

}  // namespace

std::span<const BreakingRow> explained_breaking() { return rows; }

}  // namespace twowayc
