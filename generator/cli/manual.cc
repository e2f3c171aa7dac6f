#include "generator/emit/manual/manual.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "generator/cli/commands.h"
#include "generator/cli/compiled.h"

namespace twowayc {
namespace {

namespace fs = std::filesystem;

/// Other files in the folder are not ours: nothing is removed.
void write(const fs::path& path, const std::string& content) {
  std::ofstream stream(path, std::ios::binary | std::ios::trunc);
  stream.write(content.data(), static_cast<std::streamsize>(content.size()));
  stream.close();
  if (!stream) throw std::runtime_error(fmt::format("{} cannot be written", path.string()));
}

}  // namespace

int run_manual(const std::string& mapping, const std::string& out) {
  const std::optional<MappingModel> model = compiled(mapping);
  if (!model) return wrong;
  fs::create_directories(out);
  for (const auto& [name, content] : emit_manual(*model)) {
    write(fs::path(out) / name, content);
    fmt::print("{}\n", (fs::path(out) / name).string());
  }
  return done;
}

}  // namespace twowayc
