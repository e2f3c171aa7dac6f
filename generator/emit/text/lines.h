// Builds a generated file line by line.
#pragma once

#include <iterator>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace twowayc {

class Lines {
 public:
  template <class... Arguments>
  Lines& add(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Arguments>(arguments)...);
    text_ += '\n';
    return *this;
  }
  Lines& blank() {
    text_ += '\n';
    return *this;
  }
  Lines& raw(std::string_view text) {
    text_ += text;
    return *this;
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace twowayc
