// SHA-256 (FIPS 180-4), for the digest of a mapping's source.
#pragma once

#include <string>
#include <string_view>

namespace twowayc {

/// The digest in 64 lower-case hexadecimal digits.
std::string sha256_hexadecimal(std::string_view bytes);

}  // namespace twowayc
