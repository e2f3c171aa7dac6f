#include "generator/explain/explanation_rows.h"

namespace twowayc {
namespace {

constexpr ExplanationRow rows[] = {
    {DiagnosticId::lens_type, "The lens does not take values of this type. The hint lists those that do.",
     "entities/purchase.yaml", "  made_at:  { lens: text, default: created }",
     "  made_at:  { lens: epoch_seconds, default: created }"},
    {DiagnosticId::lens_option,
     "The option means something for another lens and nothing for this one. It would be ignored, so it is an\n"
     "error.",
     "entities/purchase.yaml", "  note:     { lens: text, max_size: 1MiB }",
     "  note:     { lens: text, hidden: true }"},
    {DiagnosticId::lens_missing, "A field says how its column goes over (`lens:`), or why it does not (`purge:`).",
     "entities/purchase.yaml", "  note:     { hidden: true }", "  note:     { lens: text, hidden: true }"},
    {DiagnosticId::purge_option, "What does not go over has no field, so nothing can be said about it.",
     "entities/purchase.yaml", "  note:     { purge: \"Nobody reads it.\", hidden: true }",
     "  note:     { lens: text, hidden: true }"},
    {DiagnosticId::purge_not_null,
     "On the way back each row gets a value in each column. One that is purged, must not be NULL and has no\n"
     "default in SQL has none. Map it, or declare the default that the database has.",
     "entities/purchase.yaml", "  price:    { purge: \"All gifts.\" }", "  price:    { lens: cents, default: 100 }"},
    {DiagnosticId::reason_empty,
     "A purge or a loss is announced to the people who run the migration: in the plan, the receipt and the\n"
     "pages. They need the reason to agree.",
     "mapping.yaml", "  session: \"\"", "  session: \"Sign-ins end with the move.\""},
    {DiagnosticId::empty_null,
     "PocketBase's empty text would have to become NULL on the way back, and the column forbids NULL.",
     "entities/purchase.yaml", "  price:    { lens: cents, empty: null }", "  price:    { lens: cents, default: 100 }"},
    {DiagnosticId::default_value,
     "The default is a value of the column: what a record that was made in PocketBase and left the field empty\n"
     "gets. `created` is a time, so it needs a lens that makes dates.",
     "entities/purchase.yaml", "  price:    { lens: cents, default: cheap }",
     "  price:    { lens: cents, default: 100 }"},
    {DiagnosticId::column_holds,
     "No round trip notices a wrong unit: seconds that are read as milliseconds come back as they were, and\n"
     "people see a date in January 1970. So the schema says what a column holds, and the lens has to agree.",
     "entities/purchase.yaml", "  sent_at:  { lens: epoch_milliseconds, witnesses: [1767225600, null] }",
     "  sent_at:  { lens: epoch_seconds, witnesses: [1767225600, null] }"},
    {DiagnosticId::column_refers,
     "`references:` lists what the application knows to be references. Each is mapped, as it stands there: by\n"
     "lens `reference`, or by a mirror where it is the items of an array.",
     "sql/shop.yaml", "      - { on: [\"extra.tags[]\", customer], to: customer }",
     "      - { on: [\"extra.tags[]\", customer], to: tag }"},
    {DiagnosticId::column_null,
     "The schema allows NULL there, but the application cannot read it (`null: never`). A record that was made in\n"
     "PocketBase with an empty field needs another value on the way back.",
     "entities/purchase.yaml", "  made_at:  { lens: epoch_seconds }",
     "  made_at:  { lens: epoch_seconds, default: created }"},
    {DiagnosticId::column_secret,
     "What the schema calls a secret (a password's hash, a token, a key) is for superusers alone: its field is\n"
     "hidden, and it is neither a record's id nor in a mirror or a derived field, which everyone may read.",
     "entities/customer.yaml", "  oauth:      { lens: json }", "  oauth:      { lens: json, hidden: true }"},
    {DiagnosticId::same_as_target,
     "`same_as` carries no value: on the way back the column gets what the other one holds. So the other one\n"
     "is another column, of the same type.",
     "entities/customer.yaml", "  login.mail: { lens: same_as, of: login.mail }",
     "  login.mail: { lens: same_as, of: mail }"},
    {DiagnosticId::witness_value,
     "A witness is a value that the column may hold, and that the compiler carries there and back to prove the\n"
     "lens. It must be one: a whole number for an integer column, and `null` only where NULL is allowed.\n"
     "Lenses that run at run time only (json, references) are proved by tests instead.",
     "entities/purchase.yaml", "  made_at:  { lens: epoch_seconds, default: created, witnesses: [yesterday] }",
     "  made_at:  { lens: epoch_seconds, default: created }"},
    {DiagnosticId::auth_field,
     "Every auth collection has `email`, `emailVisibility`, `verified`, `password` and `tokenKey`. PocketBase\n"
     "decides what they are; a mapping can fill them, not change them.",
     "entities/customer.yaml", "  verified:   { type: text, value: \"yes\" }",
     "  verified:   { type: bool, value: true }"},
    {DiagnosticId::auth_twice,
     "PocketBase can have several auth collections, but fixed ids, rules (`@request.auth.id`) and the sign-in\n"
     "of people are built on one.",
     "entities/tag.yaml", "collection: { type: auth }\nkey: { name: field, customer: field }",
     "key: { name: field, customer: field }"},
    {DiagnosticId::people_field,
     "`people:` says which columns hold the address, the password, the name and the identities elsewhere of the\n"
     "people of an auth collection: by the lenses `email`, `password`, `text` and `json`. `sessions:` is a column\n"
     "that is purged.",
     "entities/customer.yaml", "  address: name", "  address: mail"},
};

}  // namespace

std::span<const ExplanationRow> explained_fields() { return rows; }

}  // namespace twowayc
