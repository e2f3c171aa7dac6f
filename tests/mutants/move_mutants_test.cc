// What neither twowayc nor a database notices, because the mapping is the only one to say it: where files lie, and what
// people sign in with. Each of these mutants becomes a program of end-to-end tests, and the test that
// tests_of_moves.txt names has to fail.
//
// A sample is tried; with TWOWAY_MUTANTS=all all, with TWOWAY_MUTANTS=TEXT those that have it in their names.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/emit/mappings.h"
#include "tests/mutants/mapping_judge.h"
#include "tests/mutants/mutant_classes.h"
#include "tests/mutants/mutant_compiler.h"
#include "tests/mutants/wanted.h"
#include "tests/support/places.h"
#include "tests/support/process.h"

namespace twowayc::test {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t sample = 17;  ///< one in so many
constexpr const char* nobody = "nobody";

/// Runs one test of a program of end-to-end tests. True if it was there and did not fail.
bool passes(const fs::path& program, const std::string& test) {
  twoway::test::ProcessOptions options;
  options.environment = {{"TWOWAY_PROGRAMS", twoway::test::program("twoway").parent_path().string()},
                         {"GTEST_THROW_ON_FAILURE", "1"}};  // what notices first is enough
  options.working_directory = twoway::test::source_directory();
  const auto result = twoway::test::run({program.string(), "--gtest_filter=" + test}, options);
  return result.status == 0 && result.output.find("[  PASSED  ] 1 test.") != std::string::npos;
}

using Tried = std::map<std::string, std::string>;  ///< names of mutants, each with who noticed it

/// One thread's share.
void try_share(std::size_t stride, std::size_t share, std::size_t shares, Tried& tried) {
  MappingJudge judge(flagship_directory());
  MutantCompiler compiler(judge);
  const std::vector<MutantClass> others = classes_in(other_mappings), moves = classes_in(tests_of_moves);
  std::size_t number = 0;
  for_each_mutant(judge.copy(), judge.model(), [&](std::size_t, const MappingMutant& mutant) {
    const MutantClass* const found = class_of(moves, mutant.name);
    if (found == nullptr || class_of(others, mutant.name) != nullptr) return;
    const std::size_t own = number++;
    if (own % stride != 0 || own / stride % shares != share || !twoway::test::is_wanted(mutant.name)) return;
    std::string who = name_of(judge.judge(mutant));
    if (who == name_of(Noticed::not_yet)) {
      const auto program = compiler.end_to_end_tests(mutant);
      if (program && !passes(*program, found->words))
        who = found->words;
      else
        who = compiler.compiles(mutant) ? nobody : "the C++ compiler";
    }
    fmt::print("{}: {}\n", mutant.name, who);
    std::fflush(stdout);
    tried.emplace(mutant.name, who);
  });
}

TEST(MoveMutants, AreNoticedByTheTestsThatAreNamed) {
  const std::size_t stride = twoway::test::sample_wanted() ? sample : 1;
  constexpr std::size_t shares = 2;
  Tried tried[shares];
  std::vector<std::thread> threads;
  for (std::size_t share = 0; share < shares; ++share) {
    threads.emplace_back([&, share] { try_share(stride, share, shares, tried[share]); });
  }
  for (std::thread& thread : threads) thread.join();
  tried[0].merge(tried[1]);
  std::map<std::string, std::size_t> counts;
  for (const auto& [name, who] : tried[0]) {
    ++counts[who];
    EXPECT_NE(who, nobody) << name;
  }
  fmt::print("{} mutants that only tests of moves can notice\n", tried[0].size());
  for (const auto& [who, count] : counts) fmt::print("{:>8}  {}\n", count, who);
  std::set<std::string> tests;
  for (const MutantClass& one : classes_in(tests_of_moves)) {
    if (counts.contains(one.words)) tests.insert(one.words);
  }
  EXPECT_TRUE(twoway::test::with_text() || !tests.empty());
  if (twoway::test::sample_wanted()) return;  // who tries a sample runs all end-to-end tests as well
  for (const std::string& test : tests) {
    EXPECT_TRUE(passes(twoway::test::program("end_to_end_tests"), test)) << test << " fails without a mutant as well";
  }
}

TEST(MoveMutants, NamedTestsExist) {
  std::set<std::string> named, listed;
  std::string filter;
  for (const MutantClass& one : classes_in(tests_of_moves)) {
    named.insert(one.words);
    filter += one.words + ":";
  }
  // `Suite.` and, indented below, `Test`.
  std::istringstream lines(twoway::test::run_checked(
      {twoway::test::program("end_to_end_tests").string(), "--gtest_list_tests", "--gtest_filter=" + filter}));
  std::string suite;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("  ")) listed.insert(suite + line.substr(2));
    if (line.ends_with('.')) suite = line;
  }
  EXPECT_EQ(named, listed);
}

}  // namespace
}  // namespace twowayc::test
