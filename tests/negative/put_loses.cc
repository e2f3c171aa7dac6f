// GetPut holds, but what PocketBase can show does not come back: its milliseconds are lost.
#include "runtime/lens/epoch_seconds.h"
#include "runtime/lens/proof.h"

using namespace twoway;

struct SecondsFromMilliseconds : lens::EpochSeconds {
  static constexpr auto pocketbase_witnesses(const Field&) {
    return std::array{Value::text("2024-02-29 12:34:56.000Z"), Value::text("2024-02-29 12:34:56.789Z")};
  }
};

namespace fields {
inline constexpr Field created_at{
    .column = "created_at", .name = "created_at", .lens = "s", .position = "chat.yaml:30"};
}

#line 30 "mapping/x/entities/chat.yaml"
static_assert(twoway::proven<SecondsFromMilliseconds, fields::created_at>);
