// What both directions must do alike with one field's value: put it, and see whether two values are one.
#pragma once

#include <array>

#include "runtime/lens/email.h"
#include "runtime/lens/lens.h"
#include "runtime/lens/utf8.h"
#include "runtime/model/field.h"

namespace twoway {

/// same(), but text that was passed through is recognised by its address, so that a large document is not read again.
inline bool identical(const Value& a, const Value& b) {
  if (a.kind() == b.kind() && (a.is_text() || a.is_blob()) && a.bytes().data() == b.bytes().data() &&
      a.bytes().size() == b.bytes().size()) {
    return true;
  }
  return same(a, b);
}

/// True where PocketBase shows both values alike: the same, or the same number (its columns turn 5.0 into 5).
inline bool shown_alike(const Value& a, const Value& b) {
  if (identical(a, b)) return true;
  if (a.is_real() && b.is_integer()) return shown_alike(b, a);
  if (!a.is_integer() || !b.is_real()) return false;
  constexpr double limit = 9223372036854775808.0;
  const double real = b.as_real();
  return real >= -limit && real < limit && static_cast<std::int64_t>(real) == a.as_integer() &&
         static_cast<double>(a.as_integer()) == real;
}

/// The empty field: '' or, for json, NULL. 0 and false are values.
inline bool is_empty_field(const Value& p) { return p.is_null() || p.is_empty_text(); }

/// The SQL value of a field that has no residue. `created` is when PocketBase made the record; empty for a record that
/// came from SQL, where `default: created` therefore does nothing.
inline Value put_field(const LensFunctions& lens, const Field& field, const Value& p, const Value& created,
                       Arena& arena) {
  if (is_empty_field(p)) {
    if (field.fallback_created && !is_empty_field(created)) return lens.put(field, created, arena);
    if (!field.fallback_created && !field.fallback.is_null()) return field.fallback;
  }
  return lens.put(field, p, arena);
}

/// Room for the key of any entity; no table has a key of more parts.
inline constexpr std::size_t most_key_parts = 16;
using KeyParts = std::array<Value, most_key_parts>;

/// What the two fields of an e-mail column show.
struct ShownAddress {
  Value email;
  Value login;
};
inline ShownAddress show_address(const Field& field, const Value& s, Arena& arena) {
  const Value email = lens::Email::functions.get(field, s, arena);
  const bool other = is_empty_field(email) && s.is_text() && utf8::valid(s.bytes());
  return {email, other ? s : Value::text("")};
}

/// The SQL value of an empty relation or an empty pair of e-mail and login.
inline Value empty_text_value(const Field& field) {
  if (!field.fallback_created && !field.fallback.is_null()) return field.fallback;
  return field.empty == Empty::null ? Value::null() : Value::text("");
}

/// The SQL value of an e-mail column without residue.
inline Value put_address(const Field& field, const Value& email, const Value& login) {
  if (!is_empty_field(email)) return email;
  return is_empty_field(login) ? empty_text_value(field) : login;
}

}  // namespace twoway
