#include "tests/mutants/mutant_compiler.h"

#include <set>

#include "generator/emit/emit.h"
#include "tests/emit/mappings.h"
#include "tests/generator/files.h"
#include "tests/support/places.h"

namespace twowayc::test {

namespace fs = std::filesystem;

bool MutantCompiler::compiles(const MappingMutant& mutant) {
  const FileTree now = emit(judge_.model_of(mutant));
  const FileTree sound = emit(judge_.model());
  std::set<std::string> units{"proofs.cc"};
  for (const auto& [path, text] : now) {
    write_file(scratch_ / path, text);
    const auto before = sound.find(path);
    if (before != sound.end() && before->second == text) continue;
    if (path.ends_with(".cc")) units.insert(path);
    if (path.starts_with("entities/") && path.ends_with(".h")) units.insert(path.substr(0, path.size() - 1) + "cc");
  }
  for (const std::string& unit : units) {
    const auto result =
        twoway::test::run({MUTANTS_COMPILER, "-std=c++20", "-fsyntax-only", "-Wall", "-Werror",
                           "-I" + twoway::test::source_directory().string(), (scratch_ / unit).string()});
    if (result.status != 0) return false;
  }
  return true;
}

}  // namespace twowayc::test
