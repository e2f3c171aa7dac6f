// Whatever is damaged in a mapping is noticed: by twowayc, by `vet`, by a comparison with the application's own
// database, or by the C++ compiler. What nobody could notice is another mapping, and listed in other_mappings.txt with
// the reason; what only the tests that move real stores could notice is listed in tests_of_moves.txt, and tried in
// move_mutants_test.cc. Not counted are `build --check` and `breaking`: they notice everything, because they know what
// was before.
//
// A sample is tried; with TWOWAY_MUTANTS=all all, with TWOWAY_MUTANTS=TEXT those that have it in their names.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/emit/mappings.h"
#include "tests/mutants/mapping_judge.h"
#include "tests/mutants/mutant_classes.h"
#include "tests/mutants/mutant_compiler.h"
#include "tests/mutants/wanted.h"

namespace twowayc::test {
namespace {

namespace fs = std::filesystem;

// One in so many: primes, so that they hit no rhythm of a mapping.
constexpr std::size_t small_sample = 3, shipped_sample = 41;

struct Outcome {
  std::map<std::string, std::size_t> counts;
  std::map<std::string, std::size_t> classes;  ///< of the two lists, and how many are of each
  std::vector<std::string> unnoticed;          ///< names of mutants
  std::size_t made = 0;
};

/// One thread's share of the mutants of a mapping.
void judge_share(const fs::path& mapping, std::size_t stride, std::size_t share, std::size_t shares,
                 Outcome& outcome) {
  MappingJudge judge(mapping);
  MutantCompiler compiler(judge);
  const auto listed = [&outcome](const std::vector<MutantClass>& classes, const std::string& name) {
    const MutantClass* const found = class_of(classes, name);
    if (found != nullptr) ++outcome.classes[found->pattern];
    return found != nullptr;
  };
  const std::vector<MutantClass> others = classes_in(other_mappings), moves = classes_in(tests_of_moves);
  for_each_mutant(judge.copy(), judge.model(), [&](std::size_t number, const MappingMutant& mutant) {
    if (number % stride != 0 || number / stride % shares != share) return;
    if (!twoway::test::is_wanted(mutant.name)) return;
    ++outcome.made;
    Noticed noticed = judge.judge(mutant);
    std::string who = name_of(noticed);
    if (noticed == Noticed::not_yet && listed(others, mutant.name))
      who = "another mapping";
    else if (noticed == Noticed::not_yet && listed(moves, mutant.name))
      who = "left to the tests that move real stores (move_mutants_test.cc)";
    else if (noticed == Noticed::not_yet && !compiler.compiles(mutant))
      who = "the C++ compiler";
    else if (noticed == Noticed::not_yet)
      outcome.unnoticed.push_back(mutant.name);
    ++outcome.counts[who];
  });
}

/// Prints who noticed how many, and expects that somebody noticed each.
Outcome try_mapping(const fs::path& mapping, std::size_t sample) {
  const std::size_t stride = twoway::test::sample_wanted() ? sample : 1;
  constexpr std::size_t shares = 2;
  Outcome outcomes[shares];
  std::vector<std::thread> threads;
  for (std::size_t share = 0; share < shares; ++share) {
    threads.emplace_back([&, share] { judge_share(mapping, stride, share, shares, outcomes[share]); });
  }
  for (std::thread& thread : threads) thread.join();
  Outcome all;
  for (const Outcome& outcome : outcomes) {
    all.made += outcome.made;
    for (const auto& [who, count] : outcome.counts) all.counts[who] += count;
    for (const auto& [pattern, count] : outcome.classes) all.classes[pattern] += count;
    all.unnoticed.insert(all.unnoticed.end(), outcome.unnoticed.begin(), outcome.unnoticed.end());
  }
  fmt::print("{}: {} mutants\n", mapping.filename().string(), all.made);
  for (const auto& [who, count] : all.counts) fmt::print("{:>8}  {}\n", count, who);
  for (const std::string& name : all.unnoticed) ADD_FAILURE() << "nobody notices: " << name;
  return all;
}

TEST(MappingMutants, AreNoticed) {
  Outcome small = try_mapping(library_directory(), small_sample);
  Outcome shipped = try_mapping(flagship_directory(), shipped_sample);
  if (twoway::test::with_text()) return;
  for (const Outcome& outcome : {small, shipped}) {
    EXPECT_GT(outcome.made, 500U);
    EXPECT_GT(outcome.counts.at("twowayc"), outcome.made / 2);
  }
  if (twoway::test::sample_wanted()) return;
  for (const char* file : {other_mappings, tests_of_moves}) {
    fmt::print("{}:\n", file);
    for (const auto& [pattern, words] : classes_in(file)) {
      const std::size_t count = small.classes[pattern] + shipped.classes[pattern];
      fmt::print("{:>8}  {}\n", count, pattern);
      EXPECT_GT(count, 0U) << file << ": no mutant is of this class: " << pattern;
    }
  }
}

}  // namespace
}  // namespace twowayc::test
