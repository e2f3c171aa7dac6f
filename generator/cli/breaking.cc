#include <fmt/format.h>

#include "generator/breaking/breaking.h"
#include "generator/cli/commands.h"
#include "generator/cli/compiled.h"
#include "generator/cli/old_mapping.h"

namespace twowayc {

int run_breaking(const std::string& mapping, const std::string& against) {
  const OldMapping old(mapping, against);
  const std::optional<MappingModel> before = compiled(old.directory().string());
  const std::optional<MappingModel> now = compiled(mapping);
  if (!before || !now) return wrong;
  const std::vector<Break> breaks = breaks_between(*before, *now);
  fmt::print("{}", breaks_text(breaks, *before, *now, against));
  return breaks.empty() ? done : findings;
}

}  // namespace twowayc
