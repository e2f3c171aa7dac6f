#include "runtime/lens/base64.h"

namespace twoway::lens {

const LensFunctions Base64::functions = functions_of<Base64>();

}  // namespace twoway::lens
