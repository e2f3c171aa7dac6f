#include "runtime/lens/datetime.h"

namespace twoway::lens {

const LensFunctions Datetime::functions = functions_of<Datetime>();

}  // namespace twoway::lens
