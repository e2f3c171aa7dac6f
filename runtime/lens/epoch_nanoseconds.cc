#include "runtime/lens/epoch_nanoseconds.h"

namespace twoway::lens {

const LensFunctions EpochNanoseconds::functions = functions_of<EpochNanoseconds>();

}  // namespace twoway::lens
