// The C++ compiler as one who notices: it gets what twowayc made of a damaged mapping.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>

#include "tests/mutants/mapping_judge.h"

namespace twowayc::test {

class MutantCompiler {
 public:
  explicit MutantCompiler(const MappingJudge& judge) : judge_(judge) {}

  /// Compiles each file of code that differs from the sound mapping's, and the proofs.
  bool compiles(const MappingMutant& mutant);

  /// end_to_end_tests with the damaged mapping in the place of the shipped one, until the next call; nothing where the
  /// compiler refuses its code. Does not ask for the proofs. Throws where it does not link.
  std::optional<std::filesystem::path> end_to_end_tests(const MappingMutant& mutant);

 private:
  /// Writes the mutant's code. Returns the units that have to be compiled anew, without the proofs.
  std::set<std::string> write(const MappingMutant& mutant);
  bool compile(const std::string& unit, const std::vector<std::string>& options) const;

  const MappingJudge& judge_;
  twoway::test::TemporaryDirectory scratch_{"mutant_code"};
};

}  // namespace twowayc::test
