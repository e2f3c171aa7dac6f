#include "runtime/lens/boolean_negated.h"

namespace twoway::lens {

const LensFunctions BooleanNegated::functions = functions_of<BooleanNegated>();

}  // namespace twoway::lens
