// Which columns can tell rows apart, and which of them can be compared.
#pragma once

#include "generator/model/mapping_model.h"

namespace twowayc {

/// What key values of a type are at run time: values of different classes are never equal.
enum class KeyClass { none, text, whole_number, bytes };

constexpr KeyClass key_class(SqlType type) {
  switch (type) {
    case SqlType::text:
    case SqlType::varchar:
    case SqlType::date:
    case SqlType::datetime:
      return KeyClass::text;
    case SqlType::integer:
    case SqlType::bigint:
    case SqlType::boolean:
      return KeyClass::whole_number;
    case SqlType::blob:
      return KeyClass::bytes;
    case SqlType::json:
    case SqlType::real:
    case SqlType::numeric:
      return KeyClass::none;
  }
  return KeyClass::none;
}

/// True where a record id can be made of it: a number that is not whole, or a document, has more than one spelling.
constexpr bool fits_key(SqlType type) { return key_class(type) != KeyClass::none; }

}  // namespace twowayc
