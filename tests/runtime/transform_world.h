// A small hand-written entity, as the generator would write it, and the rows and records around it.
#pragma once

#include <rapidcheck.h>

#include <array>
#include <deque>
#include <map>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/transform/to_pocketbase.h"
#include "runtime/transform/to_sql.h"

namespace twoway::transform_test {

/// A value that owns its bytes.
struct Owned {
  Kind kind = Kind::null;
  std::string bytes;
  std::int64_t integer = 0;
  double real = 0;

  Owned() = default;
  Owned(const Value& v);  // NOLINT: converts on purpose
  Owned(const char* text) : kind(Kind::text), bytes(text) {}  // NOLINT
  Owned(std::string text) : kind(Kind::text), bytes(std::move(text)) {}  // NOLINT
  static Owned number(std::int64_t v) { return Value::integer(v); }
  static Owned blob(std::string_view v) { return Value::blob(v); }
  Value view() const;
  friend bool operator==(const Owned& a, const Owned& b) { return same(a.view(), b.view()); }
};
std::ostream& operator<<(std::ostream& out, const Owned& v);
inline void showValue(const Owned& v, std::ostream& out) { out << v; }

/// The other entities' rows: which keys exist, and under which record ids.
class World : public RecordResolver, public RowResolver {
 public:
  /// With users u1, U2 and '', folders, tags and notes; `brand_new` was made in PocketBase and has an id of its own.
  World();
  void add(const Entity& entity, std::vector<Owned> key, std::string id = {});
  void remove(const Entity& entity, const std::vector<Owned>& key);
  /// The record id of a row; empty where there is none.
  std::string id_of(const Entity& entity, const std::vector<Owned>& key) const;
  /// All record ids of an entity.
  std::vector<std::string> ids(const Entity& entity) const;

  std::optional<std::string_view> record_id(const Entity& target, std::span<const Value> key, Arena& arena) override;
  bool row_key(const Entity& target, std::string_view id, std::span<Value> key, Arena& arena) override;
  bool exists(const Entity& target, std::string_view id) override {
    return keys_.contains({target.name, std::string(id)});
  }

 private:
  std::map<std::pair<std::string_view, std::string>, std::string> ids_;                // entity, encoded key -> id
  std::map<std::pair<std::string_view, std::string>, std::vector<Owned>> keys_;        // entity, id -> key
};

extern const Entity user;
extern const Entity folder;  ///< key: id, user_id
extern const Entity tag;     ///< key: id, user_id
extern const Entity message; ///< key: "{note}-{message}"
extern const Entity note;    ///< the entity under test

/// Columns of `note`, and fields of `notes`.
enum NoteColumn {
  c_id, c_user, c_folder, c_message, c_owner, c_title, c_name, c_archived, c_version, c_created, c_due, c_email, c_meta,
  c_auth_email, c_auth_password, c_auth_active, c_auth_exists, column_count
};
enum NoteField {
  f_id, f_user, f_folder, f_message, f_owner, f_title, f_name, f_archived, f_version, f_created_at, f_due, f_email,
  f_login, f_meta, f_tags, f_password, f_active, f_label, f_verified, f_created, f_residue, field_count
};

using Row = std::array<Owned, column_count>;
using Record = std::array<Owned, field_count>;

namespace fields {
extern const Field id, user, folder, message, owner, title, name, archived, version, created, due, email, meta, tags,
    auth_email, auth_password, auth_active, label, verified;
}

/// What a run in one direction gives.
struct ToRecord {
  Record record;
  bool good = true;
  bool used_side = false;
};
ToRecord to_record(const Row& row, World& world, const Owned& side = {});
struct ToRow {
  Row row;
  Owned side;
  std::vector<std::string> superseded;
  bool good = true;
};
ToRow to_row(const Record& record, World& world);

/// An ordinary row.
Row plain_row();
/// An empty record as PocketBase would make it.
Record plain_record();

/// Bytes of any sort, valid UTF-8, and values of any storage class.
rc::Gen<std::string> any_bytes();
rc::Gen<std::string> any_text();
rc::Gen<Owned> any_value();
rc::Gen<Row> any_row();
rc::Gen<Record> any_record();
/// A legal value of one field that a client may write.
rc::Gen<Owned> any_field(NoteField field);

}  // namespace twoway::transform_test
