// The mapping says what the column holds: milliseconds. Its lens is for seconds.
#include "runtime/lens/epoch_seconds.h"
#include "runtime/lens/proof.h"

using namespace twoway;

namespace fields {
inline constexpr Field created_at{
    .column = "created_at", .name = "created_at", .lens = "epoch_seconds", .position = "chat.yaml:34"};
}

struct Chat_created_at_witnesses {
  static consteval auto values() {
    return std::array{twoway::Value::integer(1), twoway::Value::integer(1700000000123)};
  }
};

#line 34 "mapping/x/entities/chat.yaml"
static_assert(twoway::proven_with<lens::EpochSeconds, fields::created_at, Chat_created_at_witnesses>);
