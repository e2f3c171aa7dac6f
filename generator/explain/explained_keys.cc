#include "generator/explain/explanation_rows.h"

namespace twowayc {
namespace {

constexpr ExplanationRow key_rows[] = {
    {DiagnosticId::key_not_unique,
     "Two rows with one key would become one record, and one row on the way back. The key must cover the\n"
     "primary key or a unique constraint whose columns are NOT NULL, in SQLite and in PostgreSQL.",
     "entities/tag.yaml", "key: { name: field }", "key: { name: field, customer: field }"},
    {DiagnosticId::key_field,
     "`field` says that the key column has a field of its own, so it needs a lens; `record_id` that it is kept\n"
     "in the record's id, which is made of text, whole numbers, dates and bytes.",
     "entities/tag.yaml", "  name:     { purge: \"Not needed.\" }", "  name:     { lens: text }"},
    {DiagnosticId::join_not_unique,
     "A joined table has at most one row for each row of the entity; else one record would stand for several\n"
     "rows.",
     "entities/customer.yaml", "  login: { on: { mail: mail } }", "  login: { on: { id: id } }"},
    {DiagnosticId::reference_key,
     "A target whose key has two columns is found with two values. The first is the field's own column,\n"
     "`with:` names the others, in the order of the target's constraint. Where the own column is not the first,\n"
     "`\"[]\"` among them is its place.",
     "entities/purchase.yaml", "  note:     { lens: reference, of: tag, on_delete: clear }",
     "  note:     { lens: text, hidden: true }"},
    {DiagnosticId::reference_template,
     "On the way back the column is what is left of the target's key when the beginning of the template is\n"
     "taken away. So the column itself stands at the end, once.",
     "entities/purchase.yaml",
     "  customer: { lens: reference, of: customer, template: \"{customer}-{id}\", on_delete: clear }",
     "  customer: { lens: reference, of: customer, on_delete: clear }"},
    {DiagnosticId::on_delete_missing,
     "In PocketBase people delete records. What that does to the rows that refer to them is part of the\n"
     "mapping: `cascade` deletes them, `clear` empties the reference, `restrict` forbids the deletion.",
     "entities/purchase.yaml", "  customer: { lens: reference, of: customer }",
     "  customer: { lens: reference, of: customer, on_delete: clear }"},
    {DiagnosticId::on_delete_clear,
     "An emptied reference must be a row that SQL accepts and the application can read. A key, a NOT NULL\n"
     "column and a column in a CHECK cannot be emptied.",
     "entities/tag.yaml", "  customer: { lens: reference, of: customer, on_delete: clear }",
     "  customer: { lens: reference, of: customer, on_delete: cascade }"},
    {DiagnosticId::mirror_column,
     "A mirror keeps an array inside a JSON document and a relation equal, so the column is mapped with lens\n"
     "`json`.",
     "entities/purchase.yaml",
     "  tags: { column: note, path: tags, of: tag, key: [\"[]\", customer], prefer: relation }",
     "  tags: { column: extra, path: tags, of: tag, key: [\"[]\", customer], prefer: relation }"},
    {DiagnosticId::mirror_key,
     "An item of the array and further columns of this row together are the key of a target. It must have as\n"
     "many parts as the target's key, of the same types.",
     "entities/purchase.yaml", "  tags: { column: extra, path: tags, of: tag, key: [\"[]\"], prefer: relation }",
     "  tags: { column: extra, path: tags, of: tag, key: [\"[]\", customer], prefer: relation }"},
    {DiagnosticId::derived_field,
     "A derived field is text made of the record's own text, number and relation fields that come from\n"
     "columns.",
     "entities/tag.yaml", "  label:    { template: \"{customer}:{label}\", unique: true }",
     "  label:    { template: \"{customer}:{name}\", unique: true }"},
    {DiagnosticId::file_column,
     "A file's path and its name are texts. Its hash, size and type are members of JSON documents, as\n"
     "`column.member`.",
     "entities/purchase.yaml", "    path: price", "    path: scan"},
    {DiagnosticId::index_field,
     "An index has at least one field, each once, and none of them is a JSON document or a relation to many.",
     "entities/purchase.yaml", "  - { on: [extra] }", "  - { on: [customer, made_at] }"},
    {DiagnosticId::route_path,
     "PocketBase gives every GET of the path to the route, so it must be nobody else's: not PocketBase's own,\n"
     "not another route's. A route's parameters are its own two and mode, skip, limit, fields.",
     "entities/wish.yaml", "  /api/files/tagged:", "  /api/shop/tagged:"},
    {DiagnosticId::route_field,
     "A route looks up names among the targets of a mirror, by the owner and an index, then reads the owner's\n"
     "records, the newest first. [The language](mapping-language.md#routes) says what each field has to be.",
     "entities/wish.yaml", "    order: price", "    order: made_at"},
    {DiagnosticId::route_column,
     "An answer shows columns in SQL's terms again, made by PocketBase from the record alone: text, numbers,\n"
     "booleans, times, JSON, references and the key. What a lens in C++ makes, and what is hidden, it cannot.",
     "entities/wish.yaml", "    answer: [id, price]", "    answer: [id, made_at]"},
};

constexpr ExplanationRow name_rows[] = {
    {DiagnosticId::pocketbase_name,
     "PocketBase takes letters, digits and `_` in the names of collections and fields, a letter first, no\n"
     "`_via_`, and keeps some names for itself. SQL names that it refuses get another one with `to:`.",
     "entities/purchase.yaml", "pocketbase: my-purchases", "pocketbase: purchases"},
    {DiagnosticId::field_reserved,
     "`id`, `created`, `residue` and the fields that PocketBase computes are there already.", "entities/purchase.yaml",
     "  note:     { lens: text, to: residue }", "  note:     { lens: text, hidden: true }"},
    {DiagnosticId::field_twice,
     "Two columns would write one field, and only one of them could come back.",
     "entities/purchase.yaml", "  note:     { lens: text, to: extra }", "  note:     { lens: text, hidden: true }"},
    {DiagnosticId::collection_twice,
     "Two entities would write one collection. PocketBase compares names and ids of collections without case.",
     "entities/purchase.yaml", "pocketbase: Tags", "pocketbase: purchases"},
    {DiagnosticId::cpp_name_clash,
     "Generated code has a C++ name for everything; a C++ keyword gets a `_`. Here two names become one.",
     "entities/purchase.yaml",
     "  note:     { lens: text, to: default }\n  price:    { lens: cents, default: 100, to: default_ }",
     "  note:     { lens: text, hidden: true }\n  price:    { lens: cents, default: 100 }"},
};

constexpr ExplanationRow plan_rows[] = {
    {DiagnosticId::order_twice,
     "An entity is written once, so it has one place in the order.", "mapping.yaml",
     "order: [customer, tag, customer]", "order: [customer, tag, purchase]"},
    {DiagnosticId::order_contradicts,
     "A record is written after those that it refers to. `order:` can choose where the relations leave a\n"
     "choice, and states for readers what follows from them; it cannot overrule them.",
     "mapping.yaml", "order: [purchase, customer]", "order: [customer, tag, purchase]"},
    {DiagnosticId::reference_cycle,
     "Each entity waits for the next, so none can be written first. Put `deferred: true` on one of the\n"
     "references: it is filled in when both sides are there.",
     "entities/customer.yaml", "  name:       { lens: reference, of: purchase, on_delete: cascade }",
     "  name:       { lens: text, default: \"?\" }"},
    {DiagnosticId::column_cycle,
     "Each column would be computed from the other, so neither has a value of its own.",
     "entities/customer.yaml", "  mail:       { lens: same_as, of: login.mail }",
     "  mail:       { to: email, lens: email, login: login }"},
};

}  // namespace

std::span<const ExplanationRow> explained_keys() { return key_rows; }
std::span<const ExplanationRow> explained_names() { return name_rows; }
std::span<const ExplanationRow> explained_plan() { return plan_rows; }

}  // namespace twowayc
