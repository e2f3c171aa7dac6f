// The C++ compiler as one who notices: it gets what twowayc made of a damaged mapping.
#pragma once

#include "tests/mutants/mapping_judge.h"

namespace twowayc::test {

class MutantCompiler {
 public:
  explicit MutantCompiler(const MappingJudge& judge) : judge_(judge) {}

  /// Compiles each file of code that differs from the sound mapping's, and the proofs.
  bool compiles(const MappingMutant& mutant);

 private:
  const MappingJudge& judge_;
  twoway::test::TemporaryDirectory scratch_{"mutant_code"};
};

}  // namespace twowayc::test
