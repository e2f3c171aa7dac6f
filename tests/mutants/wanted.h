// Which mutants are to be tried: TWOWAY_MUTANTS is not set (a sample), `all`, or a text that their names have.
#pragma once

#include <cstdlib>
#include <string>
#include <string_view>

namespace twoway::test {

inline std::string_view mutants_wanted() {
  const char* const wanted = std::getenv("TWOWAY_MUTANTS");
  return wanted == nullptr ? std::string_view() : wanted;
}
inline bool sample_wanted() { return mutants_wanted().empty(); }
inline bool with_text() { return !sample_wanted() && mutants_wanted() != "all"; }
inline bool is_wanted(const std::string& name) {
  return !with_text() || name.find(mutants_wanted()) != std::string::npos;
}

}  // namespace twoway::test
