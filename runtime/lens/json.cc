#include "runtime/lens/json.h"

#include "runtime/lens/decimal.h"
#include "runtime/lens/json_value.h"

namespace twoway::lens {

const LensFunctions Json::functions = {&Json::get, &Json::put};

Value Json::get(const Field& field, const Value& s, Arena& arena) { return json_value::shown(field, s, arena); }

Value Json::put(const Field& field, const Value& p, Arena&) {
  switch (p.kind()) {
    case Kind::text:
      if (p.bytes().empty()) break;
      return json_value::is_number(p.bytes()) ? json_value::number(p.bytes()) : p;
    case Kind::real:
      if (!decimal::finite(p.as_real())) break;
      return decimal::numeric(p.as_real());
    case Kind::integer:
    case Kind::blob:
      return p;
    case Kind::null:
      break;
  }
  return json_value::empty(field);
}

}  // namespace twoway::lens
