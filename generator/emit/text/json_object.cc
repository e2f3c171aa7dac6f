#include "generator/emit/text/json_object.h"

#include "generator/emit/text/literal.h"

namespace twowayc {

JsonObject& JsonObject::text(std::string_view name, std::string_view value) { return raw(name, json_text(value)); }

JsonObject& JsonObject::number(std::string_view name, std::uint64_t value) { return raw(name, std::to_string(value)); }

JsonObject& JsonObject::boolean(std::string_view name, bool value) { return raw(name, value ? "true" : "false"); }

JsonObject& JsonObject::raw(std::string_view name, std::string_view value) {
  if (!members_.empty()) members_ += ", ";
  ((members_ += json_text(name)) += ": ") += value;
  return *this;
}

}  // namespace twowayc
