#include "runtime/cli/suggest.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

namespace twoway::cli {
namespace {

/// Insertions, deletions and replacements from `a` to `b`.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string_view nearest(std::string_view wrong, std::span<const std::string_view> names) {
  constexpr std::size_t longest = 64;  // what is longer is no misspelt name
  if (wrong.empty() || wrong.size() > longest) return {};
  std::string_view best;
  std::size_t best_distance = (wrong.size() < 4 ? 1 : std::max<std::size_t>(2, wrong.size() / 3)) + 1;
  for (const std::string_view name : names) {
    const std::size_t found = distance(wrong, name);
    if (found < best_distance) {
      best = name;
      best_distance = found;
    }
  }
  return best;
}

}  // namespace twoway::cli
