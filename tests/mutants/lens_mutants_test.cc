// Whatever is damaged in a lens is noticed by its proofs or by its tests: at least 95 of 100 mutants. Those that
// survive are listed in lens_survivors.txt with the reason, so that a new one fails the test.
//
// A sample is tried; with TWOWAY_MUTANTS=all all, with TWOWAY_MUTANTS=TEXT those that have it in their names.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/mutants/lens_lab.h"
#include "tests/mutants/wanted.h"
#include "tests/support/places.h"
#include "tests/support/process.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t sample = 97;  ///< one in so many
constexpr double least_killed = 0.95;

/// The lenses and the residue. proof.h is what notices, and lens.h has no code that runs.
std::vector<SourceMutant> all_mutants() {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(source_directory() / "runtime/lens")) {
    const std::string name = entry.path().filename().string();
    if (name != "proof.h" && name != "lens.h") files.push_back("runtime/lens/" + name);
  }
  files.push_back("runtime/transform/residue.cc");
  std::sort(files.begin(), files.end());
  std::vector<SourceMutant> mutants;
  for (const std::string& file : files) {
    for (SourceMutant& mutant : mutants_of(file, read_file(source_directory() / file))) {
      if (is_wanted(mutant.name())) mutants.push_back(std::move(mutant));
    }
  }
  return mutants;
}

/// `NAME | reason`, a line each.
std::set<std::string> known_survivors() {
  std::set<std::string> names;
  std::ifstream lines(source_directory() / "tests/mutants/lens_survivors.txt");
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::size_t bar = line.rfind(" | ");
    EXPECT_NE(bar, std::string::npos) << "no reason: " << line;
    names.insert(line.substr(0, bar));
  }
  return names;
}

const char* name_of(Fate fate) {
  switch (fate) {
    case Fate::not_compiled:
      return "do not compile";
    case Fate::killed_by_proofs:
      return "killed by the proofs";
    case Fate::killed_by_tests:
      return "killed by the lenses' tests";
    case Fate::survived:
      return "survived";
  }
  return "";
}

/// The tests call this one directly. If their own sound copy of it were called, as a linker may choose, it would
/// survive.
TEST(LensMutants, TestsCallDamagedHeaders) {
  const std::string name =
      "runtime/lens/email.h: `if (!is_alphanumeric(c) && c != '-') return false;` -> "
      "`if (!is_alphanumeric(c) && c != '-') return true;`";
  for (const SourceMutant& mutant : all_mutants()) {
    if (mutant.name() != name) continue;
    EXPECT_EQ(LensLab().try_out(mutant), Fate::killed_by_tests);
    return;
  }
  FAIL() << "there is no mutant " << name;
}

TEST(LensMutants, AreKilledOrListed) {
  const std::vector<SourceMutant> mutants = all_mutants();
  if (with_text() && mutants.empty()) return;  // it is some of the mappings' that are wanted
  ASSERT_GT(mutants.size(), with_text() ? 0U : 500U);
  fmt::print("{} mutants of the lenses\n", mutants.size());
  const std::size_t stride = sample_wanted() ? sample : 1;
  std::mutex guard;
  std::map<Fate, std::size_t> counts;
  std::set<std::string> survivors;
  std::atomic<std::size_t> next = 0;
  std::size_t tried = 0;
  const auto work = [&] {
    LensLab lab;
    for (std::size_t i = next.fetch_add(stride); i < mutants.size(); i = next.fetch_add(stride)) {
      const Fate fate = lab.try_out(mutants[i]);
      const std::lock_guard lock(guard);
      if (++tried % 100 == 0) fmt::print("{} tried\n", tried);
      ++counts[fate];
      if (fate == Fate::survived) {
        survivors.insert(mutants[i].name());
        fmt::print("survived, line {}: {}\n", mutants[i].line, mutants[i].name());
      }
      std::fflush(stdout);
    }
  };
  std::thread other(work);
  work();
  other.join();
  for (const auto& [fate, count] : counts) fmt::print("{:>6}  {}\n", count, name_of(fate));
  const std::set<std::string> known = known_survivors();
  for (const std::string& name : survivors) EXPECT_TRUE(known.contains(name)) << "survives and is not listed: " << name;
  const std::size_t killed = counts[Fate::killed_by_proofs] + counts[Fate::killed_by_tests];
  EXPECT_GT(killed, 0U);
  if (sample_wanted()) return;
  EXPECT_GE(static_cast<double>(killed), least_killed * static_cast<double>(killed + counts[Fate::survived]));
  for (const std::string& name : known) {
    EXPECT_TRUE(survivors.contains(name) || !is_wanted(name)) << "listed, but killed: " << name;
  }
}

}  // namespace
}  // namespace twoway::test
