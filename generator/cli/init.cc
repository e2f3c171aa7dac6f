#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>

#include "generator/cli/commands.h"
#include "generator/cli/compiled.h"
#include "generator/init/draft.h"
#include "generator/init/read_store.h"
#include "generator/model/cpp_names.h"

namespace twowayc {
namespace {

namespace fs = std::filesystem;

int fail(const std::string& what, const std::string& hint) {
  fmt::print(stderr, "error: {}\n", what);
  if (!hint.empty()) fmt::print(stderr, "hint: {}\n", hint);
  return wrong;
}

/// `mapping/shop/` is called shop.
std::string name_of(const fs::path& out) {
  const fs::path path = fs::absolute(out).lexically_normal();
  return (path.filename().empty() ? path.parent_path() : path).filename().string();
}

bool is_mapping_name(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return is_word(c) || c == '-'; });
}

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream stream(path, std::ios::binary);
  stream << text;
  stream.close();
  if (!stream) throw std::runtime_error(fmt::format("{} cannot be written", path.string()));
}

int init(const std::string& store, const fs::path& out) {
  const std::string name = name_of(out);
  if (!is_mapping_name(name)) {
    return fail(fmt::format("'{}' is no name for a mapping", name),
                "the folder's name becomes the mapping's: letters, digits, '-' and '_'");
  }
  if (fs::exists(out) && (!fs::is_directory(out) || !fs::is_empty(out))) {
    return fail(fmt::format("{} is not empty", out.string()),
                "nothing is overwritten: name a folder that is new or empty");
  }
  const FoundStore found = read_store(store);
  const Draft draft = draft_mapping(found.schema, name);
  if (draft.entities == 0) {
    return fail(fmt::format("{} has no table of which an entity could be made", found.display),
                "an entity needs a primary key, or a unique constraint over columns that are NOT NULL");
  }
  for (const auto& [path, text] : draft.files) write(out / path, text);
  fmt::print("{}: {} entities, {} tables carried whole, {} questions (grep -rn 'question:' {})\n", name, draft.entities,
             draft.left_whole, draft.questions, out.string());
  return compiled(out.string()) ? done : wrong;
}

}  // namespace

int run_init(const std::string& store, const std::string& out) {
  try {
    return init(store, out);
  } catch (const StoreError& error) {
    return fail(error.what(), error.hint());
  }
}

}  // namespace twowayc
