// Names in the generated C++.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace twowayc {

/// A C++ identifier for any name: cpp_member(), and names that generated code itself uses get a `_` at the end.
std::string cpp_name(std::string_view name);

/// Hands out each name once: what is taken gets `_` at the end until it is free.
class UniqueNames {
 public:
  std::string take(std::string_view name);

 private:
  std::set<std::string, std::less<>> taken_;
};

}  // namespace twowayc
