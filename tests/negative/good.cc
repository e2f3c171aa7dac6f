// Every lens of the runtime, for nullable and for NOT NULL columns: this must compile.
#include "runtime/lens/boolean.h"
#include "runtime/lens/date.h"
#include "runtime/lens/datetime.h"
#include "runtime/lens/email.h"
#include "runtime/lens/epoch_milliseconds.h"
#include "runtime/lens/epoch_nanoseconds.h"
#include "runtime/lens/epoch_seconds.h"
#include "runtime/lens/json.h"
#include "runtime/lens/json_text.h"
#include "runtime/lens/number.h"
#include "runtime/lens/password.h"
#include "runtime/lens/proof.h"
#include "runtime/lens/real.h"
#include "runtime/lens/text.h"

namespace fields {
using twoway::Empty;
using twoway::Field;
inline constexpr Field nullable{.column = "a", .name = "a", .lens = "l", .position = "x.yaml:1", .empty = Empty::null};
inline constexpr Field not_null{.column = "a", .name = "a", .lens = "l", .position = "x.yaml:2", .empty = Empty::value};
}  // namespace fields

template <class... Lenses>
constexpr bool all_proven = ((twoway::proven<Lenses, fields::nullable> &&
                              twoway::proven<Lenses, fields::not_null>)&&...);

/// What the mapping may name beside the lens's own witnesses.
struct Named {
  static consteval auto values() {
    return std::array{twoway::Value::null(), twoway::Value::text("__NULL__"), twoway::Value::text("a,b")};
  }
};

#line 1 "mapping/x/entities/x.yaml"
static_assert(all_proven<twoway::lens::Text, twoway::lens::Boolean, twoway::lens::Number, twoway::lens::Real,
                         twoway::lens::EpochSeconds, twoway::lens::EpochMilliseconds, twoway::lens::EpochNanoseconds,
                         twoway::lens::Date, twoway::lens::Datetime, twoway::lens::Email, twoway::lens::Password,
                         twoway::lens::Json, twoway::lens::JsonText>);
static_assert(twoway::proven_with<twoway::lens::Text, fields::nullable, Named>);
static_assert(twoway::proven_own<twoway::lens::Text, fields::not_null>);
static_assert(twoway::proven_own<twoway::lens::Number, fields::nullable>);
static_assert(twoway::proven_own<twoway::lens::Real, fields::not_null>);
static_assert(twoway::proven_own<twoway::lens::EpochNanoseconds, fields::nullable>);
