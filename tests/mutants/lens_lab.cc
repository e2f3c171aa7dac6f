#include "tests/mutants/lens_lab.h"

#include <chrono>
#include <fstream>
#include <sstream>
#include <vector>

#include "tests/support/places.h"
#include "tests/support/process.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;

constexpr auto patience = std::chrono::seconds(60);  ///< a mutant that takes longer runs for ever

/// Words separated by `:`, as CMakeLists.txt writes them.
std::vector<std::string> words(const char* list) {
  std::vector<std::string> out;
  std::istringstream stream(list);
  for (std::string word; std::getline(stream, word, ':');) out.push_back(word);
  return out;
}

bool is_header(const SourceMutant& mutant) { return mutant.file.ends_with(".h"); }

/// Replaced where a header is damaged: all lenses but the big one, which includes none of the others' headers.
bool is_small_lens(const std::string& object) {
  return object.find("/runtime/lens/") != std::string::npos && object.find("json_document") == std::string::npos;
}

bool ends_in(const ProcessResult& result) { return result.status == 0 && !result.timed_out; }

}  // namespace

LensLab::LensLab() {
  // What all of them include of other libraries, read once.
  std::ofstream libraries(scratch_ / "libraries.h");
  for (const char* header : {"algorithm", "array", "bit", "cassert", "charconv", "cstring", "optional", "string",
                             "vector", "boost/json/basic_parser_impl.hpp"}) {
    libraries << "#include <" << header << ">\n";
  }
  libraries.close();
  run_checked({MUTANTS_COMPILER, "-std=c++20", "-w", "-O0", "-fPIC", "-x", "c++-header",
               (scratch_ / "libraries.h").string(), "-o", (scratch_ / "libraries.h.gch").string()});
  std::ofstream lenses(scratch_ / "lenses.cc");
  for (const auto& file : fs::directory_iterator(source_directory() / "runtime/lens")) {
    if (file.path().extension() == ".cc" && is_small_lens(file.path().string())) {
      lenses << "#include \"runtime/lens/" << file.path().filename().string() << "\"\n";
    }
  }
}

Fate LensLab::try_out(const SourceMutant& mutant) {
  const fs::path damaged = scratch_ / "damaged" / mutant.file;
  fs::create_directories(damaged.parent_path());
  std::ofstream(damaged, std::ios::binary) << mutant.text;
  const fs::path object = scratch_ / "mutant.o";
  Fate fate = Fate::not_compiled;
  if (compiles(is_header(mutant) ? scratch_ / "lenses.cc" : damaged, object, false)) {
    if (!passes_tests(mutant, object)) fate = Fate::killed_by_tests;
    else fate = passes_proofs(mutant) ? Fate::survived : Fate::killed_by_proofs;
  }
  fs::remove_all(scratch_ / "damaged");
  return fate;
}

bool LensLab::compiles(const fs::path& unit, const fs::path& object, bool proofs) const {
  std::vector<std::string> command{MUTANTS_COMPILER, "-std=c++20", "-w", "-O0", "-fPIC"};
  if (proofs) command.push_back("-fsyntax-only");
  else command.insert(command.end(), {"-include", (scratch_ / "libraries.h").string()});
  command.insert(command.end(), {"-I" + (scratch_ / "damaged").string(), "-I" + source_directory().string()});
  command.insert(command.end(), {"-c", unit.string(), "-o", object.string()});
  ProcessOptions options;
  options.timeout = patience;
  return ends_in(run(command, options));
}

bool LensLab::passes_proofs(const SourceMutant& mutant) const {
  if (!is_header(mutant)) return true;   // the compiler sees headers only
  return compiles(MUTANTS_FLAGSHIP_PROOFS, scratch_ / "proofs.o", true) &&
         compiles(MUTANTS_LIBRARY_PROOFS, scratch_ / "proofs.o", true);
}

bool LensLab::passes_tests(const SourceMutant& mutant, const fs::path& object) const {
  const fs::path library = scratch_ / "libmutant_lenses.so";
  std::vector<std::string> command{MUTANTS_COMPILER, "-shared", "-Wl,-Bsymbolic", "-o", library.string(),
                                   object.string()};
  for (const std::string& sound : words(MUTANTS_OBJECTS)) {
    const bool replaced = is_header(mutant) ? is_small_lens(sound) : sound.ends_with("/" + mutant.file + ".o");
    if (!replaced) command.push_back(sound);
  }
  for (const std::string& other : words(MUTANTS_LIBRARIES)) command.push_back(other);
  run_checked(command);
  ProcessOptions options;
  options.timeout = patience;
  options.working_directory = source_directory();
  // A seed, so that the same mutants survive each time; a limit, because some would take all memory that there is.
  options.environment = {{"LD_LIBRARY_PATH", scratch_.path().string()},
                         {"RC_PARAMS", "seed=1 max_success=100"},
                         {"GTEST_FAIL_FAST", "1"},
                         // Every day since the year 1 says nothing about JSON.
                         {"GTEST_FILTER", is_header(mutant) ? "*" : "-LensTime.*"}};
  return ends_in(run({"sh", "-c", "ulimit -v 4000000 && exec \"$0\"", program("mutant_lens_tests").string()}, options));
}

}  // namespace twoway::test
