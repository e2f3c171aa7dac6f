#include "runtime/lens/password.h"

namespace twoway::lens {

const LensFunctions Password::functions = functions_of<Password>();

}  // namespace twoway::lens
