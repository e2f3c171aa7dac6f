#include "runtime/lens/utf8.h"

#include <simdjson.h>

namespace twoway::utf8 {

bool valid_vectorised(std::string_view bytes) { return simdjson::validate_utf8(bytes.data(), bytes.size()); }

}  // namespace twoway::utf8
