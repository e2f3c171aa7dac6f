// Runs a fuzz target without libFuzzer: replays a corpus, then mutates its files for a number of rounds, always the
// same way. `driver CORPUS [ROUNDS [SEED]]`; more rounds for a longer look, with TMPDIR=/dev/shm.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

std::vector<std::string> read_corpus(const fs::path& folder) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder)) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> inputs;
  for (const fs::path& path : paths) {
    std::ifstream stream(path, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  return inputs;
}

/// One change to a text: bytes lost, doubled, exchanged, or a piece of YAML put in.
std::string mutated(std::string text, std::mt19937& random) {
  static const std::string pieces[] = {
      "{",  "}",    "[",  "]",    ":",      ": ",      "\n", "- ", "&a ",            "*a", "!t ",  "'",
      "\"", "|\n",  ">-", "#",    "~",      "null",    "? ", "<<: ", "---\n",        "...\n", "\t",  "\\",
      ",",  "\xFF", "{}", "[]",   "  ",     "\r\n",    "{id}", "%YAML 1.2\n", std::string(1, '\0'), "\xE6\x97\xA5",
      "\x1B[31m", "99999999999999999999", "-1", "1e999", "id", "customer", "text", "json", "reference"};
  const auto pick = [&](std::size_t size) { return size == 0 ? 0 : random() % size; };
  const std::size_t at = pick(text.size());
  const std::size_t length = std::min<std::size_t>(pick(12) + 1, text.size() - at);
  switch (pick(5)) {
    case 0: return text.erase(at, length);
    case 1: return text.insert(at, text.substr(pick(text.size()), length));
    case 2: return text.substr(0, at);
    case 3: return text.replace(at, std::min<std::size_t>(1, length), pieces[pick(std::size(pieces))]);
    default: return text.insert(at, pieces[pick(std::size(pieces))]);
  }
}

void run_one(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

int run(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s CORPUS [ROUNDS [SEED]]\n", argv[0]);
    return 2;
  }
  const std::vector<std::string> corpus = read_corpus(argv[1]);
  const unsigned long rounds = argc > 2 ? std::stoul(argv[2]) : 0;
  std::mt19937 random(argc > 3 ? static_cast<std::uint32_t>(std::stoul(argv[3])) : 20261121U);
  if (corpus.empty()) {
    std::fprintf(stderr, "%s is empty\n", argv[1]);
    return 2;
  }
  for (const std::string& input : corpus) run_one(input);
  for (unsigned long round = 0; round < rounds; ++round) {
    std::string input = corpus[round % corpus.size()];
    const std::size_t changes = 1 + round / corpus.size() % 4;
    for (std::size_t change = 0; change < changes; ++change) input = mutated(std::move(input), random);
    // Kept before it runs: what makes the target abort is then at hand.
    std::ofstream(fs::temp_directory_path() / "twoway-fuzz-last-input", std::ios::binary) << input;
    run_one(input);
  }
  fs::remove(fs::temp_directory_path() / "twoway-fuzz-last-input");
  std::printf("%zu inputs and %lu mutations\n", corpus.size(), rounds);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
