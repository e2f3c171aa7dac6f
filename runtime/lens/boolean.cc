#include "runtime/lens/boolean.h"

namespace twoway::lens {

const LensFunctions Boolean::functions = functions_of<Boolean>();

}  // namespace twoway::lens
