#include "runtime/lens/epoch_milliseconds.h"

namespace twoway::lens {

const LensFunctions EpochMilliseconds::functions = functions_of<EpochMilliseconds>();

}  // namespace twoway::lens
