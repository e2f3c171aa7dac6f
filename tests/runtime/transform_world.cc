#include "transform_world.h"

#include "runtime/lens/boolean.h"
#include "runtime/lens/email.h"
#include "runtime/lens/epoch_nanoseconds.h"
#include "runtime/lens/epoch_seconds.h"
#include "runtime/lens/json.h"
#include "runtime/lens/number.h"
#include "runtime/lens/password.h"
#include "runtime/lens/text.h"
#include "runtime/transform/record_id.h"

namespace twoway::transform_test {
namespace {

constexpr std::uint16_t one_part[] = {0};
constexpr std::uint16_t two_parts[] = {0, 1};

Entity entity_of(std::string_view name, std::span<const std::uint16_t> key) {
  Entity entity{};
  entity.name = name;
  entity.key = key;
  return entity;
}

std::string encode(const std::vector<Owned>& key) {
  Arena arena;
  std::vector<Value> parts;
  for (const Owned& part : key) parts.push_back(part.view());
  return std::string(record_id::encode(std::span<const Value>(parts), arena));
}

}  // namespace

const Entity user = entity_of("user", one_part);
const Entity folder = entity_of("folder", two_parts);
const Entity tag = entity_of("tag", two_parts);
const Entity message = entity_of("message", one_part);
const Entity note = entity_of("note", one_part);

namespace fields {
const Field id{.column = "id", .name = "id", .lens = "", .position = ""};
const Field user{.column = "user_id", .name = "user", .lens = "reference", .position = "", .empty = Empty::value};
const Field folder{.column = "folder_id", .name = "folder", .lens = "reference", .position = ""};
const Field message{.column = "message_id", .name = "message", .lens = "reference", .position = ""};
const Field owner{.column = "owner_id", .name = "owner", .lens = "reference", .position = "",
                  .fallback = Value::text("u1")};
const Field title{.column = "title", .name = "title", .lens = "text", .position = ""};
const Field name{.column = "name", .name = "name", .lens = "text", .position = "", .empty = Empty::value,
                 .fallback = Value::text("unnamed")};
const Field archived{.column = "archived", .name = "archived", .lens = "boolean", .position = ""};
const Field version{.column = "version", .name = "version", .lens = "number", .position = "", .empty = Empty::value};
const Field created{.column = "created_at", .name = "created_at", .lens = "epoch_seconds", .position = "",
                    .fallback_created = true};
const Field due{.column = "due", .name = "due", .lens = "epoch_nanoseconds", .position = "", .empty = Empty::value};
const Field email{.column = "email", .name = "email", .lens = "email", .position = ""};
const Field meta{.column = "meta", .name = "meta", .lens = "json", .position = ""};
const Field tags{.column = "meta", .name = "tags", .lens = "mirror", .position = ""};
const Field auth_email{.column = "auth.email", .name = "", .lens = "same_as", .position = ""};
const Field auth_password{.column = "auth.password", .name = "password", .lens = "password", .position = ""};
const Field auth_active{.column = "auth.active", .name = "active", .lens = "boolean", .position = ""};
const Field label{.column = "", .name = "label", .lens = "derived", .position = ""};
const Field verified{.column = "", .name = "verified", .lens = "", .position = ""};
}  // namespace fields

Owned::Owned(const Value& v) : kind(v.kind()) {
  if (v.is_text() || v.is_blob()) bytes = v.bytes();
  if (v.is_integer()) integer = v.as_integer();
  if (v.is_real()) real = v.as_real();
}

Value Owned::view() const {
  switch (kind) {
    case Kind::integer: return Value::integer(integer);
    case Kind::real: return Value::real(real);
    case Kind::text: return Value::text(bytes);
    case Kind::blob: return Value::blob(bytes);
    case Kind::null: break;
  }
  return Value::null();
}

std::ostream& operator<<(std::ostream& out, const Owned& v) {
  std::string tagged;
  append_tagged(tagged, v.view());
  return out << tagged;
}

World::World() {
  for (const char* id : {"u1", "U2", ""}) add(user, {id});
  add(user, {Owned::blob("\x01")});
  for (const char* owner : {"u1", "U2", ""}) {
    add(folder, {"f1", owner});
    for (const char* name : {"work", "\xF0\x9F\x99\x82_tag", "Case", "case", "a/b:c"}) add(tag, {name, owner});
  }
  add(folder, {"f2", "U2"});
  add(folder, {Owned(), "u1"});
  add(tag, {"play", "u1"});
  add(tag, {"\xFF", "u1"});
  add(tag, {Owned::number(5), "u1"});
  add(tag, {"brand_new", "u1"}, "abc123def456ghi");
  for (const char* id : {"n1-m1", "n1-m2", "other-m3", "n1-"}) add(message, {id});
}

void World::add(const Entity& entity, std::vector<Owned> key, std::string id) {
  const std::string encoded = encode(key);
  if (id.empty()) id = encoded;
  ids_[{entity.name, encoded}] = id;
  keys_[{entity.name, id}] = std::move(key);
}

void World::remove(const Entity& entity, const std::vector<Owned>& key) {
  const auto found = ids_.find({entity.name, encode(key)});
  if (found == ids_.end()) return;
  keys_.erase({entity.name, found->second});
  ids_.erase(found);
}

std::string World::id_of(const Entity& entity, const std::vector<Owned>& key) const {
  const auto found = ids_.find({entity.name, encode(key)});
  return found == ids_.end() ? "" : found->second;
}

std::vector<std::string> World::ids(const Entity& entity) const {
  std::vector<std::string> out;
  for (const auto& [key, id] : ids_) {
    if (key.first == entity.name) out.push_back(id);
  }
  return out;
}

std::optional<std::string_view> World::record_id(const Entity& target, std::span<const Value> key, Arena& arena) {
  const auto found = ids_.find({target.name, std::string(record_id::encode(key, arena))});
  if (found == ids_.end()) return std::nullopt;
  return arena.copy(found->second);
}

bool World::row_key(const Entity& target, std::string_view id, std::span<Value> key, Arena& arena) {
  const auto found = keys_.find({target.name, std::string(id)});
  if (found == keys_.end()) return false;
  for (std::size_t i = 0; i < key.size(); ++i) {
    const Value part = found->second[i].view();
    key[i] = part.is_text() ? Value::text(arena.copy(part.bytes())) : part;
  }
  return true;
}

ToRecord to_record(const Row& row, World& world, const Owned& side) {
  Arena arena;
  ToPocketBase run(note, world, arena);
  ToRecord out;
  out.good = run.begin(side.view());
  std::array<Value, column_count> r;
  for (std::size_t i = 0; i < r.size(); ++i) r[i] = row[i].view();
  Record& p = out.record;
  p[f_id] = run.record_id({r[c_id]});
  p[f_user] = run.reference(fields::user, user, r[c_user], {r[c_user]});
  p[f_folder] = run.reference(fields::folder, folder, r[c_folder], {r[c_folder], r[c_user]});
  p[f_message] = run.reference(fields::message, message, r[c_message],
                               {run.join({r[c_id], Value::text("-"), r[c_message]})});
  p[f_owner] = run.reference(fields::owner, user, r[c_owner], {r[c_owner]});
  p[f_title] = run.get<lens::Text>(fields::title, {r[c_title]});
  p[f_name] = run.get<lens::Text>(fields::name, {r[c_name]});
  p[f_archived] = run.get<lens::Boolean>(fields::archived, {r[c_archived]});
  p[f_version] = run.get<lens::Number>(fields::version, {r[c_version]});
  p[f_created_at] = run.get<lens::EpochSeconds>(fields::created, {r[c_created]});
  p[f_due] = run.get<lens::EpochNanoseconds>(fields::due, {r[c_due]});
  pocketbase::Email email;
  pocketbase::Text login;
  run.email(fields::email, {r[c_email]}, email, login);
  p[f_email] = email;
  p[f_login] = login;
  p[f_meta] = run.get<lens::Json>(fields::meta, {r[c_meta]});
  p[f_tags] = run.mirror(fields::tags, tag, {r[c_meta]}, "tags", {r[c_user]});
  run.same_as(fields::auth_email, r[c_auth_email], r[c_email]);
  p[f_password] = run.get<lens::Password>(fields::auth_password, {r[c_auth_password]});
  p[f_active] = run.get<lens::Boolean>(fields::auth_active, {r[c_auth_active]});
  run.joined("auth", r[c_auth_exists]);
  p[f_label] = run.derived(fields::label, {p[f_title].view(), Value::text(":"), p[f_user].view()});
  p[f_verified] = run.only_in_pocketbase(fields::verified, Value::boolean(true));
  p[f_created] = "";
  p[f_residue] = run.residue();
  out.used_side = run.used_side();
  return out;
}

ToRow to_row(const Record& record, World& world) {
  Arena arena;
  ToSql run(note, world, arena);
  std::array<Value, field_count> p;
  for (std::size_t i = 0; i < p.size(); ++i) p[i] = record[i].view();
  ToRow out;
  out.good = run.begin({p[f_id]}, p[f_residue], p[f_created]);
  std::array<Value, column_count> r;
  r[c_id] = run.key(fields::id, {p[f_id]}, 0);
  r[c_user] = run.referenced(fields::user, user, {p[f_user]}, 0);
  r[c_folder] = run.referenced(fields::folder, folder, {p[f_folder]}, 0, {}, {r[c_user]});
  r[c_message] = run.referenced(fields::message, message, {p[f_message]}, 0, {r[c_id], Value::text("-")});
  r[c_owner] = run.referenced(fields::owner, user, {p[f_owner]}, 0);
  r[c_title] = run.put<lens::Text>(fields::title, {p[f_title]});
  r[c_name] = run.put<lens::Text>(fields::name, {p[f_name]});
  r[c_archived] = run.put<lens::Boolean>(fields::archived, {p[f_archived]});
  r[c_version] = run.put<lens::Number>(fields::version, {p[f_version]});
  r[c_created] = run.put<lens::EpochSeconds>(fields::created, {p[f_created_at]});
  r[c_due] = run.put<lens::EpochNanoseconds>(fields::due, {p[f_due]});
  r[c_email] = run.email(fields::email, {p[f_email]}, {p[f_login]});
  const sql::Json meta = run.put<lens::Json>(fields::meta, {p[f_meta]});
  r[c_meta] = run.merge(fields::tags, fields::meta, tag, {p[f_tags]}, {p[f_meta]}, meta, "tags", {r[c_user]});
  r[c_auth_password] = run.put<lens::Password>(fields::auth_password, {p[f_password]});
  r[c_auth_active] = run.put<lens::Boolean>(fields::auth_active, {p[f_active]});
  r[c_auth_email] = run.same_as(fields::auth_email, r[c_email]);
  r[c_auth_exists] = run.joined("auth", {r[c_auth_password], r[c_auth_active]});
  run.derived(fields::label, {p[f_label]}, {p[f_title], Value::text(":"), p[f_user]});
  run.only_in_pocketbase(fields::verified, p[f_verified], Value::boolean(true));
  run.check_record_id({p[f_id]}, {r[c_id]});
  for (std::size_t i = 0; i < r.size(); ++i) out.row[i] = r[i];
  out.side = run.side();
  for (const std::string_view column : run.superseded()) out.superseded.emplace_back(column);
  return out;
}

Row plain_row() {
  Row row;
  row[c_id] = "n1";
  row[c_user] = "u1";
  row[c_name] = "a name";
  row[c_owner] = "u1";
  row[c_archived] = Owned::number(0);
  row[c_version] = Owned::number(1);
  row[c_created] = Owned::number(1700000000);
  row[c_due] = Owned::number(1700000000000000000);
  row[c_email] = row[c_auth_email] = "a@b.co";
  row[c_meta] = "{}";
  row[c_auth_password] = "$2b$12$abc";
  row[c_auth_active] = Owned::number(1);
  row[c_auth_exists] = Owned::number(1);
  return row;
}

Record plain_record() {
  Record p;
  for (Owned& field : p) field = "";
  p[f_id] = "k3j2h4g5f6d7s8a";
  p[f_archived] = p[f_active] = p[f_version] = Owned::number(0);
  p[f_verified] = Owned::number(1);
  p[f_meta] = p[f_residue] = Owned();
  p[f_tags] = "[]";
  p[f_password] = "!";
  p[f_created] = "2026-01-02 03:04:05.678Z";
  return p;
}

}  // namespace twoway::transform_test
