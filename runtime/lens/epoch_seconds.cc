#include "runtime/lens/epoch_seconds.h"

namespace twoway::lens {

const LensFunctions EpochSeconds::functions = functions_of<EpochSeconds>();

}  // namespace twoway::lens
