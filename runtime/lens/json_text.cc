#include "runtime/lens/json_text.h"

#include "runtime/lens/decimal.h"
#include "runtime/lens/json_value.h"

namespace twoway::lens {

const LensFunctions JsonText::functions = {&JsonText::get, &JsonText::put};

Value JsonText::get(const Field& field, const Value& s, Arena& arena) { return json_value::shown(field, s, arena); }

Value JsonText::put(const Field& field, const Value& p, Arena& arena) {
  switch (p.kind()) {
    case Kind::text:
      if (p.bytes().empty()) break;
      return p;
    case Kind::integer:
      return Value::text(decimal::integer_text(p.as_integer(), arena));
    case Kind::real: {
      if (!decimal::finite(p.as_real())) break;
      const Value number = decimal::numeric(p.as_real());
      return Value::text(number.is_integer() ? decimal::integer_text(number.as_integer(), arena)
                                             : decimal::real_text(number.as_real(), arena));
    }
    case Kind::blob:
      return p;
    case Kind::null:
      break;
  }
  return json_value::empty(field);
}

}  // namespace twoway::lens
