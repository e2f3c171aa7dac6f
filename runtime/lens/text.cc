#include "runtime/lens/text.h"

namespace twoway::lens {

const LensFunctions Text::functions = functions_of<Text>();

}  // namespace twoway::lens
