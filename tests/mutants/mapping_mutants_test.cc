// Whatever is damaged in a mapping is noticed: by twowayc, by `vet`, by a comparison with the application's own
// database, or by the C++ compiler. What nobody could notice is another mapping, and listed in other_mappings.txt with
// the reason. Not counted are `build --check` and `breaking`: they notice everything, because they know what was before.
//
// All mutants of the small mapping are tried, and a sample of the shipped one's; with TWOWAY_ALL_MUTANTS=1 all.
#include <fmt/format.h>
#include <fnmatch.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/emit/mappings.h"
#include "tests/mutants/mapping_judge.h"
#include "tests/mutants/mutant_compiler.h"

namespace twowayc::test {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t sample = 41;   ///< one in so many; a prime, so that it hits no rhythm of the mapping

bool all_wanted() { return std::getenv("TWOWAY_ALL_MUTANTS") != nullptr; }

/// The classes of other_mappings.txt.
std::vector<std::string> other_mappings() {
  std::vector<std::string> patterns;
  std::ifstream lines(twoway::test::source_directory() / "tests/mutants/other_mappings.txt");
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::size_t bar = line.find('|');
    EXPECT_NE(bar, std::string::npos) << line;
    std::string pattern = line.substr(0, line.find_last_not_of(' ', bar - 1) + 1);
    std::string escaped;
    for (const char c : pattern) escaped += c == '[' ? "\\[" : std::string(1, c);
    patterns.push_back(escaped);
  }
  return patterns;
}

struct Outcome {
  std::map<std::string, std::size_t> counts;
  std::set<std::string> used;          ///< patterns
  std::vector<std::string> unnoticed;  ///< names of mutants
  std::size_t made = 0;
};

/// One thread's share of the mutants of a mapping.
void judge_share(const fs::path& mapping, std::size_t stride, std::size_t share, std::size_t shares,
                 const std::vector<std::string>& patterns, Outcome& outcome) {
  MappingJudge judge(mapping);
  MutantCompiler compiler(judge);
  const auto listed = [&](const std::string& name) {
    for (const std::string& pattern : patterns) {
      if (fnmatch(pattern.c_str(), name.c_str(), 0) != 0) continue;
      outcome.used.insert(pattern);
      return true;
    }
    return false;
  };
  for_each_mutant(judge.copy(), judge.model(), [&](std::size_t number, const MappingMutant& mutant) {
    if (number % stride != 0 || number / stride % shares != share) return;
    ++outcome.made;
    Noticed noticed = judge.judge(mutant);
    std::string who = name_of(noticed);
    if (noticed == Noticed::not_yet && listed(mutant.name)) who = "another mapping";
    else if (noticed == Noticed::not_yet && !compiler.compiles(mutant)) who = "the C++ compiler";
    else if (noticed == Noticed::not_yet) outcome.unnoticed.push_back(mutant.name);
    ++outcome.counts[who];
  });
}

/// Prints who noticed how many, and expects that somebody noticed each.
Outcome try_mapping(const fs::path& mapping, std::size_t stride) {
  const std::vector<std::string> patterns = other_mappings();
  constexpr std::size_t shares = 2;
  Outcome outcomes[shares];
  std::vector<std::thread> threads;
  for (std::size_t share = 0; share < shares; ++share) {
    threads.emplace_back([&, share] { judge_share(mapping, stride, share, shares, patterns, outcomes[share]); });
  }
  for (std::thread& thread : threads) thread.join();
  Outcome all;
  for (const Outcome& outcome : outcomes) {
    all.made += outcome.made;
    for (const auto& [who, count] : outcome.counts) all.counts[who] += count;
    all.used.insert(outcome.used.begin(), outcome.used.end());
    all.unnoticed.insert(all.unnoticed.end(), outcome.unnoticed.begin(), outcome.unnoticed.end());
  }
  fmt::print("{}: {} mutants\n", mapping.filename().string(), all.made);
  for (const auto& [who, count] : all.counts) fmt::print("{:>8}  {}\n", count, who);
  for (const std::string& name : all.unnoticed) ADD_FAILURE() << "nobody notices: " << name;
  return all;
}

TEST(MappingMutants, AllOfTheSmallMappingAreNoticed) {
  const Outcome outcome = try_mapping(library_directory(), 1);
  EXPECT_GT(outcome.made, 1000U);
  EXPECT_GT(outcome.counts.at("twowayc"), outcome.made / 2);
}

TEST(MappingMutants, ThoseOfTheShippedMappingAreNoticed) {
  const Outcome outcome = try_mapping(flagship_directory(), all_wanted() ? 1 : sample);
  EXPECT_GT(outcome.made, 300U);
  if (!all_wanted()) return;
  for (const std::string& pattern : other_mappings()) {
    EXPECT_TRUE(outcome.used.contains(pattern)) << "other_mappings.txt: no mutant is of this class: " << pattern;
  }
}

}  // namespace
}  // namespace twowayc::test
