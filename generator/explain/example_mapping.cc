// The mapping that all examples are parts of.
#include "generator/explain/explanation.h"

namespace twowayc {
namespace {

constexpr ExampleFile files[] = {
    {"mapping.yaml", R"y(mapping: shop
description: A small shop <-> PocketBase
sql: sql/shop.yaml
pocketbase: { version: 0.40.6, collection_prefix: shop_ }
order: [customer, tag, purchase]
purge:
  session: "Sign-ins end with the move."
lenses:
  cents: { header: lenses/cents.h, struct: shop::Cents, sql: integer, pocketbase: number, fidelity: iso }
nul: residue
)y"},
    {"sql/shop.yaml", R"y(schema: shop
version: { table: revision, column: number, value: "7", name: Shop 7 }
leftovers:
  purchase.old_note: Versions before 2 wrote notes there.
before: { postgresql: [CREATE DOMAIN price AS integer CHECK (VALUE > 0)] }
tables:
  revision:
    columns:
      number: { type: varchar(32), null: false }
  session:
    columns:
      token: { type: text, secret: true }
    create: { sqlite: CREATE TABLE session (token TEXT COLLATE NOCASE), postgresql: CREATE TABLE session (token text) }
  customer:
    columns:
      id:    { type: text, null: false }
      mail:  { type: text }
      name:  { type: text, null: false, default: "''" }
      oauth: { type: json, secret: true }
    primary_key: [id]
    unique:
      - { name: one_mail, on: [mail] }
  login:
    columns:
      id:    { type: text, null: false }
      mail:  { type: text }
      hash:  { type: text, secret: true }
    primary_key: [id]
  tag:
    columns:
      name:     { type: text, null: false }
      customer: { type: text, null: false }
    primary_key: { name: tag_key, on: [name, customer], postgresql: { name: tag_pkey } }
    references:
      - { on: [customer], to: customer }
  wish:
    columns:
      id:       { type: text, null: false }
      customer: { type: text }
      price:    { type: integer, holds: cents, null: false }
      made_at:  { type: bigint, holds: epoch_seconds }
      extra:    { type: json }
    primary_key: [id]
    references:
      - { on: [customer], to: customer }
      - on: ["extra.tags[]", customer]
        to: tag
  purchase:
    columns:
      id:       { type: text, null: false }
      customer: { type: text }
      note:     { type: text, secret: true }
      price:    { type: integer, holds: cents, null: false }
      made_at:  { type: bigint, holds: epoch_seconds, null: never, postgresql: { after: id } }
      sent_at:  { type: bigint, holds: epoch_seconds }
      extra:    { type: json }
      paid:     { type: boolean }
      due:      { type: date, null: false }
      scan:     { type: text }
    primary_key: [id]
    foreign_keys:
      - { on: [customer], to: customer, columns: [id], on_delete: set null }
    references:
      - { on: ["extra.tags[]", customer], to: tag }
    checks:
      - { name: no_gift, sql: "price > 0", only: sqlite }
    indexes:
      - { name: purchase_made_at, on: ["made_at DESC"], where: "price > 0" }
)y"},
    {"entities/customer.yaml", R"y(entity: customer
description: People, with what they need to sign in
sql: customer
pocketbase: users
join:
  login: { on: { id: id } }
collection: { type: auth, identity: [email], auth_rule: "verified = true" }
people:
  name: name
  address: mail
  password: login.hash
  hashes: [bcrypt, argon2]
  identities: { column: oauth, member: sub, except: [microsoft] }
key: { id: record_id }
fields:
  mail:       { to: email, lens: email, login: login }
  name:       { lens: text, default: "?" }
  oauth:      { lens: json, hidden: true }
  login.mail: { lens: same_as, of: mail }
  login.hash: { to: password, lens: password }
only_in_pocketbase:
  verified:   { type: bool, value: true }
  tokenKey:   { type: token, purge: "Sign-ins end with the move." }
rules:
  view: 'id = @request.auth.id && @request.auth.id != ""'
)y"},
    {"entities/tag.yaml", R"y(entity: tag
sql: tag
pocketbase: tags
key: { name: field, customer: field }
fields:
  name:     { lens: text }
  customer: { lens: reference, of: customer, on_delete: cascade }
derived:
  label:    { template: "{customer}:{name}", unique: true }
indexes:
  - { on: [customer, name] }
)y"},
    {"entities/wish.yaml", R"y(entity: wish
sql: wish
pocketbase: wishes
key: { id: record_id }
fields:
  customer: { lens: reference, of: customer, on_delete: clear }
  price:    { lens: cents }
  made_at:  { lens: epoch_seconds }
  extra:    { lens: json }
mirrors:
  tags: { column: extra, path: tags, of: tag, key: ["[]", customer], prefer: relation }
routes:
  /api/shop/tagged:
    owner: { who: customer }
    list: { tags: tags }
    order: made_at
    limit: 20
    most: 100
    answer: [id, made_at]
)y"},
    {"entities/purchase.yaml", R"y(entity: purchase
sql: purchase
pocketbase: purchases
key: { id: record_id }
fields:
  customer: { lens: reference, of: customer, on_delete: clear }
  note:     { lens: text, hidden: true }
  price:    { lens: cents, default: 100 }
  made_at:  { lens: epoch_seconds, default: created }
  sent_at:  { lens: epoch_seconds, witnesses: [1767225600, null] }
  extra:    { lens: json, max_size: 1MiB }
  paid:     { lens: boolean }
  due:      { lens: date, default: created }
  scan:     { lens: text }
files:
  invoice:
    path: scan
    name: scan
    stored: "{id}_{scan}"
    sha256: extra.sha256
    size: extra.size
    content_type: extra.type
    max_size: 10MiB
mirrors:
  tags: { column: extra, path: tags, of: tag, key: ["[]", customer], prefer: relation }
indexes:
  - { on: [customer, made_at] }
rules:
  list: '@request.auth.id != "" && customer = @request.auth.id'
  view: '@request.auth.id != "" && customer = @request.auth.id'
)y"},
};

}  // namespace

std::span<const ExampleFile> example_mapping() { return files; }

}  // namespace twowayc
