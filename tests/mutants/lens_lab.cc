#include "tests/mutants/lens_lab.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <regex>
#include <sstream>
#include <vector>

#include "tests/support/places.h"
#include "tests/support/process.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;

constexpr auto patience = std::chrono::minutes(10);  ///< what takes longer waits for something that never comes

// Seconds of the processor. The sound lenses need half a second for the first tests, 1 for all, and 7 for every day
// since the year 1: a mutant that takes longer runs for ever.
constexpr int first_limit = 2, quick_limit = 5, slow_limit = 30;
constexpr const char* library = "libmutant_lenses.so";
constexpr const char* slow_tests = "LensTime.EveryDay*";

/// Words separated by `:`, as CMakeLists.txt writes them.
std::vector<std::string> words(const char* list) {
  std::vector<std::string> out;
  std::istringstream stream(list);
  for (std::string word; std::getline(stream, word, ':');) out.push_back(word);
  return out;
}

bool is_header(const SourceMutant& mutant) { return mutant.file.ends_with(".h"); }

bool succeeds(const ProcessResult& result) { return result.status == 0 && !result.timed_out; }

/// Those that are about a file itself, as a filter.
std::string first_tests(const std::string& file) {
  if (file.find("residue") != std::string::npos) return "TransformResidue*";
  if (file.find("json_document") != std::string::npos) return "JsonDocument*";
  return "Laws/*:Views/*:GetPut.*:PutGet.*:Witnesses.*:Lens*-LensTime.Every*";
}

/// A file of the lenses and all that it includes of them, into `found`.
void gather_includes(const std::string& file, std::set<std::string>& found) {
  if (!found.insert(file).second) return;
  const std::string text = read_file(source_directory() / file);
  static const std::regex include("#include \"(runtime/lens/[^\"]+)\"");
  for (std::sregex_iterator at(text.begin(), text.end(), include), end; at != end; ++at) {
    gather_includes((*at)[1], found);
  }
}

}  // namespace

LensLab::LensLab() {
  for (const auto& file : fs::directory_iterator(source_directory() / "runtime/lens")) {
    if (file.path().extension() != ".cc") continue;
    const std::string name = "runtime/lens/" + file.path().filename().string();
    gather_includes(name, includes_[name]);
  }
}

fs::path LensLab::precompiled(const SourceMutant& mutant) {
  const bool parses = mutant.file.find("residue") != std::string::npos;
  const fs::path header = scratch_ / (parses ? "parsers.h" : "libraries.h");
  if (fs::exists(header)) return header;
  std::ofstream out(header);
  for (const char* name :
       {"algorithm", "array", "bit", "cassert", "charconv", "cstring", "optional", "string", "vector"}) {
    out << "#include <" << name << ">\n";
  }
  if (parses) out << "#include <functional>\n#include <boost/json/basic_parser_impl.hpp>\n";
  out.close();
  run_checked({MUTANTS_COMPILER, "-std=c++20", "-w", "-O0", "-fPIC", "-x", "c++-header", header.string(), "-o",
               header.string() + ".gch"});
  return header;
}

std::set<std::string> LensLab::units_of(const SourceMutant& mutant) const {
  if (!is_header(mutant)) return {mutant.file};
  std::set<std::string> units;
  for (const auto& [unit, files] : includes_) {
    if (files.contains(mutant.file)) units.insert(unit);
  }
  return units;
}

Fate LensLab::try_out(const SourceMutant& mutant) {
  const fs::path damaged = scratch_ / "damaged" / mutant.file;
  fs::create_directories(damaged.parent_path());
  std::ofstream(damaged, std::ios::binary) << mutant.text;
  const fs::path object = scratch_ / "mutant.o";
  const std::set<std::string> units = units_of(mutant);
  std::ofstream all(scratch_ / "units.cc");
  for (const std::string& unit : units) all << "#include \"" << unit << "\"\n";
  std::vector<std::string> options{"-fPIC", "-include", precompiled(mutant), "-o", object};
  if (units.empty()) {  // a header that no lens includes: all its functions, for the tests to call
    all << "#include \"" << mutant.file << "\"\n";
    options.push_back("-fkeep-inline-functions");
  }
  all.close();
  Fate fate = Fate::not_compiled;
  if (compiles(scratch_ / "units.cc", options)) {
    link(units, object);
    if (!passes_tests(mutant))
      fate = Fate::killed_by_tests;
    else
      fate = passes_proofs(mutant) ? Fate::survived : Fate::killed_by_proofs;
  }
  fs::remove_all(scratch_ / "damaged");
  return fate;
}

bool LensLab::compiles(const fs::path& unit, const std::vector<std::string>& options_of_compiler) const {
  std::vector<std::string> command{MUTANTS_COMPILER, "-std=c++20", "-w", "-O0", "-c", unit.string()};
  command.insert(command.end(), {"-I" + (scratch_ / "damaged").string(), "-I" + source_directory().string()});
  command.insert(command.end(), options_of_compiler.begin(), options_of_compiler.end());
  ProcessOptions options;
  options.timeout = patience;
  return succeeds(run(command, options));
}

bool LensLab::passes_proofs(const SourceMutant& mutant) const {
  if (!is_header(mutant)) return true;  // the compiler sees headers only
  const std::vector<std::string> proofs = words(MUTANTS_PROOFS);
  return std::all_of(proofs.begin(), proofs.end(),
                     [&](const std::string& proof) { return compiles(proof, {"-fsyntax-only"}); });
}

void LensLab::link(const std::set<std::string>& units, const fs::path& object) const {
  std::vector<std::string> command{MUTANTS_COMPILER, "-shared", "-Wl,-Bsymbolic", "-o", (scratch_ / library).string(),
                                   object.string()};
  for (const std::string& sound : words(MUTANTS_OBJECTS)) {
    const bool replaced = std::any_of(units.begin(), units.end(),
                                      [&](const std::string& unit) { return sound.ends_with("/" + unit + ".o"); });
    if (!replaced) command.push_back(sound);
  }
  for (const std::string& other : words(MUTANTS_LIBRARIES)) command.push_back(other);
  run_checked(command);
}

bool LensLab::passes_tests(const SourceMutant& mutant) const {
  // Every day since the year 1 says nothing about base64.
  std::set<std::string> touched{mutant.file};
  for (const std::string& unit : units_of(mutant)) touched.insert(unit);
  const bool has_times = touched.contains("runtime/lens/date.cc") || touched.contains("runtime/lens/epoch_seconds.cc");
  // First those that most mutants fail: in a twentieth of the time of all.
  return passes(first_tests(mutant.file), first_limit) &&
         passes(std::string("-RecordId.*:") + slow_tests, quick_limit) &&
         (!has_times || passes(slow_tests, slow_limit));
}

bool LensLab::passes(const std::string& filter, int seconds) const {
  ProcessOptions options;
  options.timeout = patience;
  options.working_directory = source_directory();
  // A seed, so that the same mutants survive each time.
  options.environment = {{"LD_LIBRARY_PATH", scratch_.path().string()},
                         {"RC_PARAMS", "seed=1 max_success=100"},
                         {"GTEST_FAIL_FAST", "1"},
                         {"GTEST_FILTER", filter}};
  // Some would take all memory that there is.
  const std::string limited = "ulimit -v 4000000 && ulimit -t " + std::to_string(seconds) + " && exec \"$0\"";
  return succeeds(run({"sh", "-c", limited, program("mutant_lens_tests").string()}, options));
}

}  // namespace twoway::test
