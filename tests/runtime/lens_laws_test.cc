// The laws of every lens, over random cells of every kind.
#include <algorithm>
#include <cstring>
#include <type_traits>

#include "runtime/lens/base64.h"
#include "runtime/lens/boolean.h"
#include "runtime/lens/boolean_negated.h"
#include "runtime/lens/date.h"
#include "runtime/lens/datetime.h"
#include "runtime/lens/email.h"
#include "runtime/lens/epoch_milliseconds.h"
#include "runtime/lens/epoch_nanoseconds.h"
#include "runtime/lens/epoch_seconds.h"
#include "runtime/lens/json.h"
#include "runtime/lens/json_document.h"
#include "runtime/lens/json_text.h"
#include "runtime/lens/number.h"
#include "runtime/lens/numeric.h"
#include "runtime/lens/password.h"
#include "runtime/lens/real.h"
#include "runtime/lens/text.h"
#include "runtime/lens/utf8.h"
#include "tests/runtime/lens_values.h"

namespace twoway::lens_test {
namespace {

/// Below it every integer is a double.
constexpr std::int64_t two_to_53 = std::int64_t{1} << 53;

template <class PocketBase>
bool storable(const Value& p);

/// A number as a column of NUMERIC affinity holds it.
bool storable_number(const Value& p) {
  return p.is_integer() || (p.is_real() && decimal::finite(p.as_real()) && decimal::numeric(p.as_real()).is_real());
}

template <>
bool storable<pocketbase::Text>(const Value& p) {
  return p.is_text() && utf8::valid(p.bytes());
}
template <>
bool storable<pocketbase::Email>(const Value& p) {
  return p.is_empty_text() || (p.is_text() && lens::email::acceptable(p.bytes()));
}
template <>
bool storable<pocketbase::Password>(const Value& p) {
  return p.is_text() && !p.bytes().empty() && utf8::valid(p.bytes());
}
template <>
bool storable<pocketbase::Number>(const Value& p) {
  return storable_number(p);
}
template <>
bool storable<pocketbase::Bool>(const Value& p) {
  return p.is_integer() && (p.as_integer() == 0 || p.as_integer() == 1);
}
template <>
bool storable<pocketbase::Date>(const Value& p) {
  if (p.is_empty_text()) return true;
  if (!p.is_text()) return false;
  const auto ms = civil_time::parse(p.bytes());
  proof::Scratch scratch;
  return ms && same(civil_time::show(*ms, scratch), p);
}
template <>
bool storable<pocketbase::Json>(const Value& p) {
  if (p.is_null() || storable_number(p)) return true;
  const bool number =
      p.is_text() && !p.bytes().empty() && (p.bytes()[0] == '-' || (p.bytes()[0] >= '0' && p.bytes()[0] <= '9'));
  return p.is_text() && !number && json_document::check(p.bytes()) == json_document::Verdict::kept;
}

/// PocketBase cells that come back through the lens as they are.
template <class Lens>
Cell shown_cell(const Field& field) {
  Arena arena;
  const Cell s = *any_cell();
  const Value p = Lens::functions.get(field, s.value(), arena);
  switch (p.kind()) {
    case Kind::null:
      return {};
    case Kind::integer:
      return integer_cell(p.as_integer());
    case Kind::real:
      return real_cell(p.as_real());
    case Kind::text:
      return text_cell(std::string(p.bytes()));
    case Kind::blob:
      return {.kind = Kind::blob, .bytes = std::string(p.bytes())};
  }
  return {};
}

template <class Lens>
struct Laws : testing::Test {};

struct LensName {
  template <class Lens>
  static std::string GetName(int) {
    const std::string name = testing::internal::GetTypeName<Lens>();
    return name.substr(name.rfind(':') + 1);
  }
};

using Lenses =
    testing::Types<lens::Text, lens::Boolean, lens::BooleanNegated, lens::Number, lens::Real, lens::EpochSeconds,
                   lens::EpochMilliseconds, lens::EpochNanoseconds, lens::Date, lens::Datetime, lens::Json,
                   lens::JsonText, lens::Email, lens::Password, lens::Base64, lens::Numeric>;
TYPED_TEST_SUITE(Laws, Lenses, LensName);

const Field& any_field() { return *rc::gen::arbitrary<bool>() ? nullable : not_null; }

TYPED_TEST(Laws, GetShowsWhatPocketBaseCanStore) {
  EXPECT_TRUE(rc::check([] {
    Arena arena;
    const Cell s = *any_cell();
    const Value p = TypeParam::functions.get(any_field(), s.value(), arena);
    RC_LOG() << shown(p);
    RC_ASSERT(storable<typename TypeParam::PocketBase>(p));
  }));
}

TYPED_TEST(Laws, WhatIsShownIsShownAgain) {
  EXPECT_TRUE(rc::check([] {
    Arena arena;
    const Field& field = any_field();
    const Cell s = *any_cell();
    const Value p = TypeParam::functions.get(field, s.value(), arena);
    const Value again = TypeParam::functions.get(field, TypeParam::functions.put(field, p, arena), arena);
    // A NOT NULL time has no empty value but 1970: its emptiness in PocketBase goes to the side table.
    RC_PRE(
        !(field.empty == Empty::value && p.is_empty_text() && std::is_same_v<typename TypeParam::Sql, sql::Integer>));
    RC_LOG() << shown(p) << " " << shown(again);
    RC_ASSERT(same(p, again));
  }));
}

TYPED_TEST(Laws, PutTakesAnything) {
  EXPECT_TRUE(rc::check([] {
    Arena arena;
    const Field& field = any_field();
    const Cell p = *any_cell();
    const Value s = TypeParam::functions.put(field, p.value(), arena);
    const Value shown_then = TypeParam::functions.get(field, s, arena);
    RC_ASSERT(storable<typename TypeParam::PocketBase>(shown_then));
  }));
}

TYPED_TEST(Laws, SameInGivesTheSameOut) {
  EXPECT_TRUE(rc::check([] {
    Arena first;
    Arena second;
    const Field& field = any_field();
    const Cell s = *any_cell();
    RC_ASSERT(
        same(TypeParam::functions.get(field, s.value(), first), TypeParam::functions.get(field, s.value(), second)));
  }));
}

/// An arena has room behind what it gives, so that nothing else would notice.
void writes_only_what_it_allocated(decltype(LensFunctions::get) make, const Field& field, const Value& from) {
  constexpr char untouched = 'U';
  constexpr std::size_t longest = 1024, filled = 16 * longest, behind = 16;
  const bool is_short = (!from.is_text() && !from.is_blob()) || from.bytes().size() <= longest;
  RC_PRE(is_short);
  Arena arena;
  std::memset(arena.allocate(filled), untouched, filled);
  arena.reset();
  make(field, from, arena);
  const char* const next = arena.allocate(behind);
  RC_ASSERT(std::all_of(next, next + behind, [](char c) { return c == untouched; }));
}

TYPED_TEST(Laws, WritesOnlyIntoWhatItAllocated) {
  EXPECT_TRUE(rc::check([] {
    const Field& field = any_field();
    const Cell s = *any_cell();
    writes_only_what_it_allocated(TypeParam::functions.get, field, s.value());
    writes_only_what_it_allocated(TypeParam::functions.put, field, shown_cell<TypeParam>(field).value());
  }));
}

template <class Lens>
struct Views : testing::Test {};

/// Those that let a text pass; dates are always made, the others show no text.
using TextLenses = testing::Types<lens::Text, lens::Json, lens::JsonText, lens::Email, lens::Password>;
TYPED_TEST_SUITE(Views, TextLenses, LensName);

TYPED_TEST(Views, TextThatStaysIsNotCopied) {
  EXPECT_TRUE(rc::check([] {
    Arena arena;
    const Field& field = any_field();
    const Cell s = *any_cell();
    const Value p = TypeParam::functions.get(field, s.value(), arena);
    const Value back = TypeParam::functions.put(field, p, arena);
    if (p.is_text() && s.kind == Kind::text && p.bytes() == s.bytes && !p.bytes().empty()) {
      RC_ASSERT(p.bytes().data() == s.bytes.data());
    }
    if (p.is_text() && back.is_text() && p.bytes() == back.bytes() && !p.bytes().empty()) {
      RC_ASSERT(p.bytes().data() == back.bytes().data());
    }
  }));
}

/// GetPut over random values of each lens' domain.
template <class Lens>
void get_put(const Field& field, const Cell& s) {
  Arena arena;
  const Value p = Lens::functions.get(field, s.value(), arena);
  const Value back = Lens::functions.put(field, p, arena);
  RC_LOG() << shown(p) << " " << shown(back);
  RC_ASSERT(same(back, s.value()));
}

/// PutGet over random values of each field's domain.
template <class Lens>
void put_get(const Field& field, const Cell& p) {
  Arena arena;
  const Value s = Lens::functions.put(field, p.value(), arena);
  const Value back = Lens::functions.get(field, s, arena);
  RC_LOG() << shown(s) << " " << shown(back);
  RC_ASSERT(same(back, p.value()));
}

RC_GTEST_PROP(GetPut, Text, ()) { get_put<lens::Text>(not_null, text_cell(*any_text())); }
RC_GTEST_PROP(PutGet, Text, ()) { put_get<lens::Text>(any_field(), text_cell(*any_text())); }
RC_GTEST_PROP(GetPut, Password, ()) { get_put<lens::Password>(not_null, text_cell(*any_text())); }

RC_GTEST_PROP(GetPut, Number, ()) { get_put<lens::Number>(any_field(), integer_cell(*any_integer() % two_to_53)); }
RC_GTEST_PROP(PutGet, Number, ()) {
  const double p = *any_real();
  RC_PRE(decimal::finite(p) && decimal::numeric(p).is_real());
  put_get<lens::Number>(any_field(), real_cell(p));
  put_get<lens::Number>(any_field(), integer_cell(*any_integer() % two_to_53));
}

RC_GTEST_PROP(GetPut, Real, ()) {
  const double s = *any_real();
  RC_PRE(decimal::finite(s) && !same(Value::real(s), Value::real(-0.0)));
  get_put<lens::Real>(any_field(), real_cell(s));
}

RC_GTEST_PROP(GetPut, Numeric, ()) {
  get_put<lens::Numeric>(any_field(), integer_cell(*any_integer() % two_to_53));
  const double s = *any_real();
  RC_PRE(decimal::finite(s) && decimal::numeric(s).is_real());
  get_put<lens::Numeric>(any_field(), real_cell(s));
}

RC_GTEST_PROP(GetPut, Base64, ()) {
  get_put<lens::Base64>(not_null, {.kind = Kind::blob, .bytes = *any_bytes()});
  const std::string bytes = *any_bytes();
  RC_PRE(!bytes.empty());
  get_put<lens::Base64>(nullable, {.kind = Kind::blob, .bytes = bytes});
}
RC_GTEST_PROP(PutGet, Base64, ()) {
  const Field& field = any_field();
  put_get<lens::Base64>(field, shown_cell<lens::Base64>(field));
}

RC_GTEST_PROP(GetPut, EpochSeconds, ()) {
  const std::int64_t s = *any_integer() % (lens::EpochSeconds::latest + 1);
  RC_PRE(s >= lens::EpochSeconds::earliest);
  get_put<lens::EpochSeconds>(any_field(), integer_cell(s));
}
RC_GTEST_PROP(PutGet, EpochSeconds, ()) { put_get<lens::EpochSeconds>(any_field(), text_cell(*any_date(1000))); }

RC_GTEST_PROP(GetPut, EpochMilliseconds, ()) {
  const std::int64_t s = *any_integer() % (civil_time::latest_ms + 1);
  RC_PRE(s >= civil_time::earliest_ms);
  get_put<lens::EpochMilliseconds>(any_field(), integer_cell(s));
}
RC_GTEST_PROP(PutGet, EpochMilliseconds, ()) { put_get<lens::EpochMilliseconds>(any_field(), text_cell(*any_date(1))); }

RC_GTEST_PROP(GetPut, EpochNanosecondsThatAreMilliseconds, ()) {
  const std::int64_t s = *any_integer() / lens::EpochNanoseconds::per_ms * lens::EpochNanoseconds::per_ms;
  get_put<lens::EpochNanoseconds>(any_field(), integer_cell(s));
}

RC_GTEST_PROP(GetPut, Date, ()) { get_put<lens::Date>(any_field(), text_cell((*any_date(1)).substr(0, 10))); }
RC_GTEST_PROP(PutGet, Date, ()) {
  put_get<lens::Date>(any_field(), text_cell((*any_date(1)).substr(0, 10) + " 00:00:00.000Z"));
}

RC_GTEST_PROP(GetPut, Datetime, ()) {
  get_put<lens::Datetime>(any_field(), text_cell((*any_date(1)).substr(0, 19)));
  const std::string date = *any_date(1);
  RC_PRE(date.substr(20, 3) != "000");
  get_put<lens::Datetime>(any_field(), text_cell(date.substr(0, 23) + "000"));
}
RC_GTEST_PROP(PutGet, Datetime, ()) { put_get<lens::Datetime>(any_field(), text_cell(*any_date(1))); }

RC_GTEST_PROP(PutGet, Json, ()) {
  const Field& field = any_field();
  put_get<lens::Json>(field, shown_cell<lens::Json>(field));
  put_get<lens::JsonText>(field, shown_cell<lens::JsonText>(field));
}

RC_GTEST_PROP(PutGet, EmailAndPassword, ()) {
  const Field& field = any_field();
  put_get<lens::Email>(field, shown_cell<lens::Email>(field));
  put_get<lens::Password>(field, shown_cell<lens::Password>(field));
}

/// The witnesses of the lenses that are not proved at compile time.
template <class Lens>
void check_witnesses(const Field& field) {
  Arena arena;
  for (const Value& s : Lens::sql_witnesses(field)) {
    EXPECT_TRUE(same(Lens::put(field, Lens::get(field, s, arena), arena), s)) << shown(s);
  }
  for (const Value& p : Lens::pocketbase_witnesses(field)) {
    EXPECT_TRUE(same(Lens::get(field, Lens::put(field, p, arena), arena), p)) << shown(p);
  }
}

TEST(Witnesses, OfTheJsonLensesKeepTheLaws) {
  check_witnesses<lens::Json>(nullable);
  check_witnesses<lens::Json>(not_null);
  check_witnesses<lens::JsonText>(nullable);
  check_witnesses<lens::JsonText>(not_null);
}

}  // namespace
}  // namespace twoway::lens_test
