#include "runtime/lens/real.h"

namespace twoway::lens {

const LensFunctions Real::functions = functions_of<Real>();

}  // namespace twoway::lens
