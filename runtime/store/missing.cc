#include "runtime/store/missing.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "runtime/model/error.h"

namespace twoway {

void refuse_missing(const Mapping& mapping, const std::string& store, std::vector<std::string> missing,
                    const std::string& hint) {
  if (missing.empty()) return;
  constexpr std::size_t shown = 12;
  const std::size_t total = missing.size();
  if (total > shown) missing.resize(shown);
  throw cannot_start(fmt::format("{} lacks what the mapping {} expects: {}{}", store, mapping.name,
                                 fmt::join(missing, ", "),
                                 total > shown ? fmt::format(", and {} more", total - shown) : ""),
                     hint);
}

}  // namespace twoway
