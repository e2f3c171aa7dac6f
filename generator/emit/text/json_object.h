// A JSON object on one line, members in the order added.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace twowayc {

class JsonObject {
 public:
  JsonObject& text(std::string_view name, std::string_view value);
  JsonObject& number(std::string_view name, std::uint64_t value);
  JsonObject& boolean(std::string_view name, bool value);
  /// `value` is JSON already.
  JsonObject& raw(std::string_view name, std::string_view value);
  std::string str() const { return members_.empty() ? "{}" : "{ " + members_ + " }"; }

 private:
  std::string members_;
};

}  // namespace twowayc
