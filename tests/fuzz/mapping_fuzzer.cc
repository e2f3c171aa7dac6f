// What a fuzzer gives the compiler: one file of a mapping, whatever is in it. The compiler must answer with errors or
// with a model from which everything can be made, and what it prints must be fit for a terminal.
//
// The first line may name the file that the rest takes the place of in the example mapping: `# sql/shop.yaml`. Without
// one it is entities/purchase.yaml. Built with clang and -fsanitize=fuzzer this is a libFuzzer target; driver.cc
// replays and mutates the corpus where there is no clang.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "generator/cli/vet.h"
#include "generator/emit/emit.h"
#include "generator/explain/explanation.h"
#include "generator/plan/compile.h"
#include "tests/support/temporary_directory.h"

namespace twowayc {
namespace {

namespace fs = std::filesystem;

/// A sentence and the end: a fuzzer wants an abort.
void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "the compiler broke a promise: %s\n", what);
  std::abort();
}

void write(const fs::path& path, std::string_view bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream stream(path, std::ios::binary | std::ios::trunc);
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// The mapping on disk; the file that an input replaces is put back afterwards.
class Folder {
 public:
  Folder() {
    for (const ExampleFile& file : example_mapping()) write(directory() / file.path, file.text);
  }
  fs::path directory() const { return scratch_ / "shop"; }

 private:
  twoway::test::TemporaryDirectory scratch_{"fuzz"};
};

const ExampleFile& file_named_in(std::string_view input) {
  const ExampleFile* otherwise = nullptr;
  for (const ExampleFile& file : example_mapping()) {
    if (input.starts_with("# " + std::string(file.path) + "\n")) return file;
    if (file.path == "entities/purchase.yaml") otherwise = &file;
  }
  return *otherwise;
}

/// Control characters of the input must not reach the terminal.
bool fit_for_a_terminal(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F) return false;
  }
  return true;
}

void compile_everything(const fs::path& directory) {
  SourceSet sources;
  DiagnosticSink sink;
  const auto model = compile(directory, sink, sources);
  const std::string printed = sink.print(sources);
  require(model.has_value() != sink.has_errors(), "a model if and only if there is no error");
  require(fit_for_a_terminal(printed), "diagnostics hold no control characters");
  if (!model) return;
  require(!emit(*model).empty(), "whatever is accepted can be generated");
  require(fit_for_a_terminal(vet(*model, sink.sorted()).text), "what vet prints holds no control characters");
}

}  // namespace
}  // namespace twowayc

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const twowayc::Folder folder;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const twowayc::ExampleFile& file = twowayc::file_named_in(input);
  twowayc::write(folder.directory() / file.path, input);
  twowayc::compile_everything(folder.directory());
  twowayc::write(folder.directory() / file.path, file.text);
  return 0;
}
