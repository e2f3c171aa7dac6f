#include "runtime/lens/number.h"

namespace twoway::lens {

const LensFunctions Number::functions = functions_of<Number>();

}  // namespace twoway::lens
