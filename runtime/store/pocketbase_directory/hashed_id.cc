#include "runtime/store/pocketbase_directory/hashed_id.h"

#include <xxhash.h>

#include <cstdint>

namespace twoway {

std::string hashed_id(std::string_view text) {
  XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuvwxyz";
  std::string id;
  for (int i = 0; i < 15; ++i) {
    std::uint64_t& half = i < 8 ? hash.low64 : hash.high64;
    id += digits[half % digits.size()];
    half /= digits.size();
  }
  return id;
}

}  // namespace twoway
