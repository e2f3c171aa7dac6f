#include "runtime/lens/email.h"

namespace twoway::lens {

const LensFunctions Email::functions = functions_of<Email>();

}  // namespace twoway::lens
