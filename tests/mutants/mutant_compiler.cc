#include "tests/mutants/mutant_compiler.h"

#include <stdexcept>

#include "generator/emit/emit.h"
#include "tests/emit/mappings.h"
#include "tests/generator/files.h"
#include "tests/support/places.h"
#include "tests/support/process.h"

namespace twowayc::test {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view linked = " -o bin/end_to_end_tests ";

/// As ninja links end_to_end_tests, in two: what stands before the name of the program, and the libraries.
std::pair<std::string, std::string> link_command() {
  const std::string command =
      twoway::test::run_checked({MUTANTS_NINJA, "-C", MUTANTS_BUILD, "-t", "commands", "-s", "bin/end_to_end_tests"});
  const std::size_t at = command.find(linked);
  if (at == std::string::npos) throw std::runtime_error("end_to_end_tests is linked in another way: " + command);
  return {command.substr(0, at), command.substr(at + linked.size())};
}

}  // namespace

std::set<std::string> MutantCompiler::write(const MappingMutant& mutant) {
  const FileTree now = emit(judge_.model_of(mutant));
  const FileTree sound = emit(judge_.model());
  std::set<std::string> units;
  for (const auto& [path, text] : now) {
    write_file(scratch_ / path, text);
    const auto before = sound.find(path);
    if (before != sound.end() && before->second == text) continue;
    if (path.ends_with(".cc")) units.insert(path);
    if (path.starts_with("entities/") && path.ends_with(".h")) units.insert(path.substr(0, path.size() - 1) + "cc");
  }
  units.erase("proofs.cc");
  return units;
}

bool MutantCompiler::compile(const std::string& unit, const std::vector<std::string>& options) const {
  std::vector<std::string> command{MUTANTS_COMPILER, "-std=c++20", "-Wall", "-Werror",
                                   "-I" + twoway::test::source_directory().string(), (scratch_ / unit).string()};
  command.insert(command.end(), options.begin(), options.end());
  return twoway::test::run(command).status == 0;
}

bool MutantCompiler::compiles(const MappingMutant& mutant) {
  std::set<std::string> units = write(mutant);
  units.insert("proofs.cc");
  for (const std::string& unit : units) {
    if (!compile(unit, {"-fsyntax-only"})) return false;
  }
  return true;
}

std::optional<fs::path> MutantCompiler::end_to_end_tests(const MappingMutant& mutant) {
  std::set<std::string> units = write(mutant);
  units.insert("mapping.cc");  // it knows the digest of the sources
  std::string objects;
  for (const std::string& unit : units) {
    const std::string object = (scratch_ / (unit + ".o")).string();
    if (!compile(unit, {"-O0", "-c", "-o", object})) return std::nullopt;
    objects += object + " ";
  }
  // Of what is defined twice the linker takes the first, which is the mutant's.
  const auto [begin, libraries] = link_command();
  const fs::path program = scratch_ / "end_to_end_tests";
  const std::string command = begin + " -Wl,--allow-multiple-definition,--strip-debug -o " + program.string() + " " +
                              objects + libraries;
  twoway::test::ProcessOptions options;
  options.working_directory = MUTANTS_BUILD;
  twoway::test::run_checked({"sh", "-c", command}, options);
  return program;
}

}  // namespace twowayc::test
