#include "runtime/lens/numeric.h"

#include <charconv>

namespace twoway::lens {

std::optional<double> read_decimal(std::string_view text) {
  double real = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), real);
  if (error != std::errc() || end != text.data() + text.size() || !decimal::finite(real)) return std::nullopt;
  return real;
}

const LensFunctions Numeric::functions = functions_of<Numeric>();

}  // namespace twoway::lens
