#include "generator/source/suggest.h"

#include <algorithm>
#include <vector>

namespace twowayc {
namespace {

constexpr std::size_t longest_compared = 200;

}  // namespace

std::string lower_case(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), previous(b.size() + 1), current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({replaced, previous[j] + 1, current[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) current[j] = std::min(current[j], before[j - 2] + 1);
    }
    std::swap(before, previous);
    std::swap(previous, current);
  }
  return previous[b.size()];
}

std::optional<std::string> nearest_name(std::string_view wrong, std::span<const std::string> candidates) {
  if (wrong.size() > longest_compared) return std::nullopt;
  std::optional<std::string> best;
  std::size_t best_distance = std::max<std::size_t>(wrong.size() / 3, 1) + 1;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > longest_compared || candidate == wrong) continue;
    const bool same_but_case = lower_case(candidate) == lower_case(wrong);
    const std::size_t distance = same_but_case ? 1 : edit_distance(wrong, candidate);
    const bool better = distance < best_distance || (best && distance == best_distance && candidate < *best);
    if (!better || distance >= std::max(candidate.size(), wrong.size())) continue;
    best = candidate;
    best_distance = distance;
  }
  return best;
}

}  // namespace twowayc
