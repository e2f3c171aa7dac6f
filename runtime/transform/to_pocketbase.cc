#include "runtime/transform/to_pocketbase.h"

#include <sys/random.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <system_error>

#include "runtime/transform/field_value.h"
#include "runtime/transform/record_id.h"
#include "runtime/transform/side_entry.h"

namespace twoway {
namespace {

const Value empty_text = Value::text("");

/// True if a key can lead back to `value`: one of its parts is the value, or a text made of a prefix and the value. (A
/// template of a value that is no text makes NULL, which must not find a row whose key is NULL.)
bool key_holds(std::span<const Value> key, const Value& value) {
  return std::any_of(key.begin(), key.end(), [&](const Value& part) {
    return same(part, value) || (part.is_text() && value.is_text() && part.bytes().ends_with(value.bytes()));
  });
}

}  // namespace

ToPocketBase::ToPocketBase(const Entity& entity, RecordResolver& resolver, Arena& arena)
    : entity_(entity), resolver_(resolver), arena_(arena) {}

bool ToPocketBase::begin(const Value& side) {
  residue_.clear();
  unlinked_.clear();
  used_side_ = false;
  if (side.is_null()) {
    side_.clear();
    return true;
  }
  if (side_.parse(side, arena_) && side_entry::well_formed(side_, arena_)) return true;
  side_.clear();
  return false;
}

pocketbase::Id ToPocketBase::record_id(std::initializer_list<Value> key) {
  assert(key.size() == entity_.key.size());
  if (!side_.empty()) {
    if (const auto id = side_entry::record_id(side_, arena_)) {
      used_side_ = true;
      return {Value::text(*id)};
    }
  }
  return {Value::text(record_id::encode(std::span(key.begin(), key.size()), arena_))};
}

std::optional<Value> ToPocketBase::kept(std::string_view field, const Value& now) {
  if (side_.empty()) return std::nullopt;
  return side_entry::shown(side_, field, now, arena_);
}

Value ToPocketBase::get_with(const LensFunctions& lens, const Field& field, const Value& value) {
  if (sink_ != nullptr) return {};
  if (const std::optional<Value> p = kept(field.name, value)) {
    used_side_ = true;
    if (!identical(put_field(lens, field, *p, Value::null(), arena_), value)) {
      residue_.add(field.column, value);
      if (!shown_alike(lens.get(field, value, arena_), *p)) residue_.add(field.column, *p, residue_name::shown);
    }
    return *p;
  }
  const Value p = lens.get(field, value, arena_);
  if (!identical(put_field(lens, field, p, Value::null(), arena_), value)) residue_.add(field.column, value);
  return p;
}

std::optional<std::string_view> ToPocketBase::find_encoded(const Entity& target, std::string_view encoded_key) {
  KeyParts parts;
  assert(target.key.size() <= parts.size());
  const std::span key(parts.data(), target.key.size());
  if (record_id::decode(encoded_key, key, arena_) != key.size()) return std::nullopt;
  return resolver_.record_id(target, key, arena_);
}

pocketbase::Relation ToPocketBase::reference(const Field& field, const Entity& target, const Value& value,
                                             std::initializer_list<Value> key) {
  const std::span parts(key.begin(), key.size());
  const bool empty = value.is_null() || (field.empty == Empty::value && value.is_empty_text());
  if (sink_ != nullptr) {
    const bool found = !empty && key_holds(parts, value) && resolver_.record_id(target, parts, arena_).has_value();
    if (!empty) sink_->reference(field, found);
    return {};
  }
  if (!side_.empty()) {
    const std::optional<Value> p = kept(field.name, Value::text(record_id::encode(parts, arena_)));
    if (p && p->is_text()) {
      std::optional<std::string_view> id = "";
      if (!p->bytes().empty()) id = find_encoded(target, p->bytes());
      if (id) {
        used_side_ = true;
        if (id->empty() && !same(value, empty_text_value(field))) residue_.add(field.column, value);
        return {Value::text(*id)};
      }
    }
  }
  if (!empty && key_holds(parts, value)) {
    if (const auto id = resolver_.record_id(target, parts, arena_)) return {Value::text(*id)};
  }
  if (!same(value, empty_text_value(field))) residue_.add(field.column, value);
  return {empty_text};
}

std::optional<std::string_view> ToPocketBase::concatenate(std::initializer_list<Value> pieces) {
  std::size_t size = 0;
  for (const Value& piece : pieces) {
    if (!piece.is_text()) return std::nullopt;
    size += piece.bytes().size();
  }
  char* const start = arena_.allocate(size);
  char* next = start;
  for (const Value& piece : pieces) next = std::copy(piece.bytes().begin(), piece.bytes().end(), next);
  return std::string_view(start, size);
}

Value ToPocketBase::join(std::initializer_list<Value> pieces) {
  const auto text = concatenate(pieces);
  return text ? Value::text(*text) : Value::null();
}

void ToPocketBase::email(const Field& field, const sql::Text& value, pocketbase::Email& email,
                         pocketbase::Text& login) {
  if (sink_ != nullptr) return;
  ShownAddress now = show_address(field, value, arena_);
  if (!side_.empty()) {
    scratch_.assign(field.name).append(side_entry::login_suffix);
    const std::optional<Value> kept_email = kept(field.name, value);
    const std::optional<Value> kept_login = kept(scratch_, value);
    if (kept_email && kept_login && same(put_address(field, *kept_email, *kept_login), value)) {
      used_side_ = true;
      now = {*kept_email, *kept_login};
    }
  }
  email = {now.email};
  login = {now.login};
  if (!same(put_address(field, now.email, now.login), value)) residue_.add(field.column, value);
}

void ToPocketBase::same_as(const Field& field, const Value& value, const Value& repeated) {
  if (sink_ != nullptr || same(value, repeated)) return;
  residue_.add(field.column, value);
  residue_.add(field.column, repeated, residue_name::shown);
}

void ToPocketBase::joined(std::string_view table, const Value& exists) {
  const bool there = exists.is_integer() && exists.as_integer() != 0;
  if (!there && sink_ == nullptr) residue_.add(table, Value::null(), residue_name::absent_join);
}

pocketbase::Text ToPocketBase::derived(const Field& field, std::initializer_list<Value> pieces) {
  if (sink_ != nullptr) return {};
  const bool whole = std::none_of(pieces.begin(), pieces.end(), is_empty_field);
  const auto text = whole ? concatenate(pieces) : std::nullopt;
  const Value computed = Value::text(text.value_or(""));
  const std::optional<Value> p = kept(field.name, computed);
  used_side_ = used_side_ || p;
  return {p.value_or(computed)};
}

Value ToPocketBase::only_in_pocketbase(const Field& field, const Value& declared) {
  const std::optional<Value> p = kept(field.name, Value::null());
  used_side_ = used_side_ || p;
  return p.value_or(declared);
}

Value ToPocketBase::created() {
  if (!side_.empty()) {
    if (const auto kept = side_entry::shown(side_, side_entry::created_name, Value::null(), arena_)) return *kept;
  }
  return Value::text("");
}

Value ToPocketBase::token() {
  if (sink_ != nullptr) return {};
  static constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  static constexpr std::size_t length = 50;
  static constexpr unsigned fair = 256 - 256 % alphabet.size();  // bytes from here on would favour some letters
  char* const out = arena_.allocate(length);
  std::size_t made = 0;
  while (made < length) {
    unsigned char random[64];
    const ssize_t got = getrandom(random, sizeof random, 0);
    if (got < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), "getrandom");
    for (ssize_t i = 0; i < got && made < length; ++i) {
      if (random[i] < fair) out[made++] = alphabet[random[i] % alphabet.size()];
    }
  }
  return Value::text({out, length});
}

void ToPocketBase::withhold_password(std::string_view column, const Value& hash) {
  residue_.remove(column);
  scratch_.assign(1, residue_name::shown).append(column);
  residue_.remove(scratch_);
  residue_.add(column, hash, residue_name::withheld);
}

void ToPocketBase::unknown(std::string_view column, const Value& value) {
  scratch_.clear();
  append_column_name(scratch_, column);
  residue_.add(scratch_, value, residue_name::unknown_column);
}

}  // namespace twoway
