#include "generator/emit/text/names.h"

#include <algorithm>
#include <array>

#include "generator/model/cpp_names.h"

namespace twowayc {
namespace {

// Sorted. What generated code itself names, and macros that come with its headers on some systems.
constexpr std::array<std::string_view, 18> used = {"Arena", "Column", "Empty", "Entity", "Field", "Mapping",
                                                   "RecordField", "ToPocketBase", "ToSql", "Value", "lens", "linux",
                                                   "major", "minor", "pocketbase", "sql", "std", "twoway"};
static_assert(std::is_sorted(used.begin(), used.end()));

}  // namespace

std::string cpp_name(std::string_view name) {
  std::string out = cpp_member(name);
  if (std::binary_search(used.begin(), used.end(), std::string_view(out))) out += '_';
  return out;
}

std::string UniqueNames::take(std::string_view name) {
  std::string free = cpp_name(name);
  while (!taken_.insert(free).second) free += '_';
  return free;
}

}  // namespace twowayc
