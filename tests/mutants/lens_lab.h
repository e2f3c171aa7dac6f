// Tries a damaged source file of the lenses: compiles what includes it, runs the lenses' own tests, proves.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/mutants/lens_mutants.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {

enum class Fate {
  not_compiled,  ///< no mutant: the compiler refuses it whatever it is to do
  killed_by_tests,
  killed_by_proofs,  ///< not by the tests, but by the lens laws at compile time
  survived,
};

/// Compiles in a folder of its own. Not shared between threads.
class LensLab {
 public:
  LensLab();

  Fate try_out(const SourceMutant& mutant);

 private:
  /// What has to be compiled anew: the damaged file itself, or all lenses that include it.
  std::set<std::string> units_of(const SourceMutant& mutant) const;
  /// A header with what the file includes of other libraries, for -include. Made when it is needed first.
  std::filesystem::path precompiled(const SourceMutant& mutant);
  bool compiles(const std::filesystem::path& unit, const std::vector<std::string>& options_of_compiler) const;
  /// Makes the library of the lenses, with an object in the place of those of `units`.
  void link(const std::set<std::string>& units, const std::filesystem::path& object) const;
  bool passes_proofs(const SourceMutant& mutant) const;
  bool passes_tests(const SourceMutant& mutant) const;
  bool passes(const std::string& filter, int seconds) const;

  std::map<std::string, std::set<std::string>> includes_;  ///< each lens's source file, and what it includes of lenses
  TemporaryDirectory scratch_{"lenses"};
};

}  // namespace twoway::test
