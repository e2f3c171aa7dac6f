#include "runtime/lens/decimal.h"

#include <charconv>

namespace twoway::decimal {

char* write_real(char* out, double value) { return std::to_chars(out, out + real_bytes, value).ptr; }

}  // namespace twoway::decimal
