#include "runtime/transform/to_sql.h"

#include <algorithm>
#include <cassert>

#include "runtime/lens/password.h"
#include "runtime/transform/field_value.h"
#include "runtime/transform/json_text.h"
#include "runtime/transform/record_id.h"
#include "runtime/transform/side_entry.h"

namespace twoway {

ToSql::ToSql(const Entity& entity, RowResolver& resolver, Arena& arena)
    : entity_(entity), resolver_(resolver), arena_(arena) {}

bool ToSql::begin(const pocketbase::Id&, const Value& residue, const Value& created) {
  created_ = created;
  side_.clear();
  unknown_.clear();
  superseded_.clear();
  residue_.clear();
  // SQL has no column for it, and only a record made in PocketBase has it.
  if (!is_empty_field(created)) side_entry::add(side_, side_entry::created_name, Value::null(), created);
  if (residue.is_null()) return true;
  bool good = residue_.parse(residue, arena_);
  for (const Residue::Entry& entry : residue_.entries()) {
    const std::optional<Value> value = read_tagged(entry.text, arena_);
    good = good && value;
    if (!value || !entry.name.starts_with(residue_name::unknown_column)) continue;
    const auto column = read_column_name(entry.name.substr(1), arena_);
    good = good && column;
    if (column) unknown_.push_back({*column, *value});
  }
  if (good) return true;
  residue_.clear();
  unknown_.clear();
  return false;
}

Value ToSql::key(const Field& field, const pocketbase::Id& id, std::size_t index) {
  const std::size_t size = entity_.key.size();
  assert(index < size);
  const std::string_view text = id.is_text() ? id.bytes() : std::string_view();
  KeyParts parts;
  if (record_id::decode(text, std::span(parts.data(), size), arena_) == size) return parts[index];
  return index == 0 ? Value::text(text) : empty_text_value(field);
}

void ToSql::check_record_id(const pocketbase::Id& id, std::initializer_list<Value> key) {
  const Value encoded = Value::text(record_id::encode(std::span(key.begin(), key.size()), arena_));
  if (!same(encoded, id)) side_.add(side_entry::record_id_name, id);
}

std::optional<Value> ToSql::held(std::string_view column) {
  if (residue_.empty()) return std::nullopt;
  const std::string_view* entry = residue_.find(column);
  return entry == nullptr ? std::nullopt : read_tagged(*entry, arena_);
}

void ToSql::supersede(const Field& field, const std::optional<Value>& s, const Value& now) {
  if (s && !same(*s, now)) superseded_.push_back(field.column);
}

std::optional<Value> ToSql::withheld(const Field& field, const Value& value) {
  if (residue_.empty()) return std::nullopt;
  const std::string_view* const entry = residue_.find(field.column, residue_name::withheld);
  if (entry == nullptr) return std::nullopt;
  if (value.is_text() && value.bytes() == lens::Password::none) return read_tagged(*entry, arena_);
  superseded_.push_back(field.column);  // somebody set a new password
  return std::nullopt;
}

void ToSql::withhold_password(std::string_view field, const Value& held, const Value& shown) {
  side_.remove(field);
  side_entry::add(side_, field, held, shown);
}

Value ToSql::put_with(const LensFunctions& lens, const Field& field, const Value& value, bool json) {
  if (field.lens == "password") {
    if (const std::optional<Value> hash = withheld(field, value)) return *hash;
  }
  const std::optional<Value> s = held(field.column);
  if (s) {
    const std::string_view* entry = residue_.find(field.column, residue_name::shown);
    const std::optional<Value> other = entry == nullptr ? std::nullopt : read_tagged(*entry, arena_);
    const Value shown = other ? *other : lens.get(field, *s, arena_);
    if (shown_alike(shown, value) || (json && shown.is_text() && value.is_text() &&
                                      json_text::same_document(shown.bytes(), value.bytes()))) {
      if (other) side_entry::add(side_, field.name, *s, value);
      return *s;
    }
  }
  const Value now = put_field(lens, field, value, created_, arena_);
  supersede(field, s, now);
  if (!shown_alike(lens.get(field, now, arena_), value)) side_entry::add(side_, field.name, now, value);
  return now;
}

Value ToSql::target_part(const Entity& target, std::string_view record_id, std::size_t own) {
  KeyParts parts;
  assert(own < target.key.size() && target.key.size() <= parts.size());
  const std::span key(parts.data(), target.key.size());
  if (resolver_.row_key(target, record_id, key, arena_)) return key[own];
  // No such record: PocketBase does not let that happen, but a tool that writes its tables may. The row gets the
  // reference as it would be, dangling, rather than none.
  return record_id::decode(record_id, key, arena_) == key.size() ? key[own] : Value::text(record_id);
}

Value ToSql::referenced(const Field& field, const Entity& target, const pocketbase::Relation& relation, std::size_t own,
                        std::initializer_list<Value> prefix, std::initializer_list<Value> with) {
  const std::optional<Value> residue = held(field.column);
  if (!relation.is_text() || relation.is_empty_text()) {
    const Value s = residue ? *residue : empty_text_value(field);
    // A default may name a row that exists, and would then be shown.
    if (!residue && !field.fallback.is_null()) keep_reference(field, target, Value::null(), s, own, prefix, with);
    return s;
  }
  const Value whole = target_part(target, relation.bytes(), own);
  Value s = whole;
  if (whole.is_text() && prefix.size() != 0) {
    std::string_view rest = whole.bytes();
    const bool fits = std::all_of(prefix.begin(), prefix.end(), [&](const Value& piece) {
      if (!piece.is_text() || !rest.starts_with(piece.bytes())) return false;
      rest.remove_prefix(piece.bytes().size());
      return true;
    });
    if (fits) s = Value::text(rest);
  }
  supersede(field, residue, s);
  keep_reference(field, target, relation, s, own, prefix, with);
  return s;
}

void ToSql::keep_reference(const Field& field, const Entity& target, const Value& relation, const Value& s,
                           std::size_t own, std::initializer_list<Value> prefix, std::initializer_list<Value> with) {
  const std::size_t size = target.key.size();
  if (with.size() + 1 != size) return;  // the caller cannot say what the row's key for the target is
  KeyParts row_parts;                   // the key that ToPocketBase::reference will be asked for
  std::copy_n(with.begin(), own, row_parts.begin());
  std::copy(with.begin() + own, with.end(), row_parts.begin() + static_cast<std::ptrdiff_t>(own) + 1);
  row_parts[own] = s;
  if (prefix.size() != 0) {
    scratch_.clear();
    bool text = s.is_text();
    for (const Value& piece : prefix) {
      text = text && piece.is_text();
      if (text) scratch_.append(piece.bytes());
    }
    if (text) scratch_.append(s.bytes());
    row_parts[own] = text ? Value::text(arena_.copy(scratch_)) : Value::null();
  }
  const std::span row_key(row_parts.data(), size);
  if (relation.is_null()) {
    side_entry::add(side_, field.name, Value::text(record_id::encode(row_key, arena_)), Value::text(""));
    return;
  }
  KeyParts target_parts;
  const std::span target_key(target_parts.data(), size);
  if (!resolver_.row_key(target, relation.bytes(), target_key, arena_)) return;
  const bool read_as_empty = s.is_null() || (s.is_empty_text() && field.empty == Empty::value);
  if (!read_as_empty && std::equal(row_key.begin(), row_key.end(), target_key.begin(),
                                   [](const Value& a, const Value& b) { return same(a, b); })) {
    return;
  }
  side_entry::add(side_, field.name, Value::text(record_id::encode(row_key, arena_)),
                  Value::text(record_id::encode(target_key, arena_)));
}

Value ToSql::email(const Field& field, const pocketbase::Email& email, const pocketbase::Text& login) {
  const std::optional<Value> s = held(field.column);
  if (s) {
    const ShownAddress shown = show_address(field, *s, arena_);
    if (same(shown.email, email) && same(shown.login, login)) return *s;
  }
  const Value now = put_address(field, email, login);
  supersede(field, s, now);
  const ShownAddress again = show_address(field, now, arena_);
  if (!same(again.email, email) || !same(again.login, login)) {
    side_entry::add(side_, field.name, now, email);
    scratch_.assign(field.name).append(side_entry::login_suffix);
    side_entry::add(side_, scratch_, now, login);
  }
  return now;
}

Value ToSql::same_as(const Field& field, const Value& repeated) {
  const std::optional<Value> s = held(field.column);
  if (!s) return repeated;
  const std::string_view table = field.column.substr(0, field.column.find('.'));
  if (residue_.find(table, residue_name::absent_join) != nullptr) return *s;  // the row to repeat it in does not exist
  const std::string_view* entry = residue_.find(field.column, residue_name::shown);
  const std::optional<Value> then = entry == nullptr ? std::nullopt : read_tagged(*entry, arena_);
  if (!then || same(*then, repeated)) return *s;
  supersede(field, s, repeated);
  return repeated;
}

Value ToSql::joined(std::string_view table, std::initializer_list<Value> columns) {
  const bool absent = residue_.find(table, residue_name::absent_join) != nullptr;
  return Value::boolean(!absent ||
                        std::any_of(columns.begin(), columns.end(), [](const Value& v) { return !v.is_null(); }));
}

void ToSql::derived(const Field& field, const pocketbase::Text& value, std::initializer_list<Value> pieces) {
  scratch_.clear();
  for (const Value& piece : pieces) {
    if (!piece.is_text() || piece.is_empty_text()) {
      scratch_.clear();
      break;
    }
    scratch_.append(piece.bytes());
  }
  const Value computed = Value::text(scratch_);
  if (!same(computed, value)) side_entry::add(side_, field.name, computed, value);
}

void ToSql::only_in_pocketbase(const Field& field, const Value& value, const Value& declared) {
  if (!shown_alike(value, declared)) side_entry::add(side_, field.name, Value::null(), value);
}

}  // namespace twoway
