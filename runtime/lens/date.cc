#include "runtime/lens/date.h"

namespace twoway::lens {

const LensFunctions Date::functions = functions_of<Date>();

}  // namespace twoway::lens
