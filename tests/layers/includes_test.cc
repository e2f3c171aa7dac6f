// Which way dependencies point (docs/architecture.md): generated -> runtime, and inside the runtime and the generator
// from each layer to the ones below it.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/layers/source_tree.h"

namespace twoway::layers {
namespace {

const std::vector<std::string_view> cpp{".cc", ".h"};

/// A layer may include itself and what has the same or a smaller rank.
using Ranks = std::map<std::string_view, int>;
const Ranks runtime_layers{{"model", 0},   {"lens", 1},   {"transform", 1}, {"files", 2}, {"store", 2}, {"journal", 3},
                           {"migrate", 3}, {"verify", 3}, {"report", 4},    {"drift", 4}, {"health", 5}, {"cli", 6}};
const Ranks generator_stages{{"model", 0}, {"source", 1}, {"explain", 2},  {"parse", 2}, {"resolve", 3}, {"check", 4},
                             {"plan", 5},  {"emit", 6},   {"breaking", 7}, {"init", 7},  {"cli", 8}};

bool starts(std::string_view text, const std::vector<std::string_view>& beginnings) {
  for (const std::string_view beginning : beginnings) {
    if (text.starts_with(beginning)) return true;
  }
  return false;
}

void expect_order(std::string_view folder, const Ranks& ranks) {
  const std::vector<SourceFile> files = files_below(folder, cpp);
  EXPECT_FALSE(files.empty()) << folder;
  for (const SourceFile& file : files) {
    const auto own = ranks.find(part(file.path, 1));
    if (own == ranks.end()) {
      ADD_FAILURE() << file.path << " is in no layer; layers are named in tests/layers/includes_test.cc";
      continue;
    }
    for (const Include& include : file.includes()) {
      if (!include.quoted || part(include.name, 0) != folder) continue;
      const auto other = ranks.find(part(include.name, 1));
      if (other == ranks.end()) {
        ADD_FAILURE() << file.at(include.line) << " includes " << include.name << ", which is in no layer";
      } else {
        EXPECT_LE(other->second, own->second)
            << file.at(include.line) << ": " << own->first << " is below " << other->first << " and includes "
            << include.name;
      }
    }
  }
}

/// No file below `folder` includes anything that begins with one of `beginnings`, except below `but`.
void expect_never(std::string_view folder, const std::vector<std::string_view>& beginnings, std::string_view why,
                  std::string_view but = {}) {
  for (const SourceFile& file : files_below(folder, cpp)) {
    if (!but.empty() && file.path.starts_with(but)) continue;
    for (const Include& include : file.includes()) {
      EXPECT_FALSE(starts(include.name, beginnings)) << file.at(include.line) << " includes " << include.name << ": "
                                                     << why;
    }
  }
}

TEST(Includes, OurOwnHeadersAreNamedFromTheRoot) {
  for (const std::string_view folder : {"runtime", "generator"}) {
    for (const SourceFile& file : files_below(folder, cpp)) {
      for (const Include& include : file.includes()) {
        if (!include.quoted) continue;
        EXPECT_NE(include.name.find('/'), std::string::npos) << file.at(include.line) << " includes " << include.name;
        EXPECT_EQ(include.name.find(".."), std::string::npos) << file.at(include.line) << " includes " << include.name;
      }
    }
  }
}

TEST(Includes, RuntimeLayersPointDownwards) { expect_order("runtime", runtime_layers); }

TEST(Includes, LensesUseOnlyTheArenaOfTransform) {
  for (const SourceFile& file : files_below("runtime/lens", cpp)) {
    for (const Include& include : file.includes()) {
      if (!include.name.starts_with("runtime/transform/")) continue;
      EXPECT_EQ(include.name, "runtime/transform/arena.h") << file.at(include.line);
    }
  }
}

TEST(Includes, RuntimeKnowsNoMapping) {
  expect_never("runtime", {"generator/", "generated/", "mapping/", "tests/", "yaml-cpp/"},
               "the runtime knows databases, no YAML and no entity");
}

TEST(Includes, DatabasesAreReachedThroughStoresOnly) {
  expect_never("runtime", {"soci/", "sqlite3.h", "libpq", "postgresql/"}, "only runtime/store/ talks to databases",
               "runtime/store/");
}

TEST(Includes, GeneratorStagesPointDownwards) { expect_order("generator", generator_stages); }

TEST(Includes, GeneratorKnowsNoRuntimeAndNoDatabase) {
  expect_never("generator", {"generated/", "tests/"}, "the generator knows the runtime's names, as text");
  // `twowayc init` drafts a mapping from a live database: it looks at it with the runtime's eyes, or there would be two
  // readers of schemas that could differ.
  expect_never("generator", {"runtime/"}, "the generator knows the runtime's names, as text", "generator/init/");
  for (const SourceFile& file : files_below("generator/init", cpp)) {
    for (const Include& include : file.includes()) {
      const bool opens_stores = file.path == "generator/init/read_store.cc";
      EXPECT_TRUE(!include.name.starts_with("runtime/") || opens_stores ||
                  include.name == "runtime/store/live_schema.h")
          << file.at(include.line) << " includes " << include.name << ": only read_store.cc opens stores";
    }
  }
  expect_never("generator", {"soci/", "sqlite3.h", "libpq", "postgresql/", "boost/beast", "boost/asio"},
               "the generator talks to no database");
}

/// The path of an included header of ours. Generated code names its own headers from where it stands, so that it may be
/// generated into any folder; all else is named from the root.
std::string path_of(const SourceFile& file, const Include& include) {
  if (!file.path.starts_with("generated/") || starts(include.name, {"runtime/", "generated/"})) return include.name;
  return (std::filesystem::path(file.path).parent_path() / include.name).lexically_normal().generic_string();
}

/// Whether generated code may include this itself: the standard library, the runtime and what was generated with it.
bool fit_for_generated(const SourceFile& file, const Include& include) {
  if (!include.quoted) return include.name.find('/') == std::string::npos && !include.name.ends_with(".h");
  const std::string path = path_of(file, include);
  const bool generated_with_it = part(path, 0) == "generated" && part(path, 1) == part(file.path, 1);
  return generated_with_it || path.starts_with("runtime/") || file.path == "generated/main.cc";
}

TEST(Includes, GeneratedCodeUsesTheRuntimeOnly) {
  for (const SourceFile& file : files_below("generated", cpp)) {
    for (const Include& include : file.includes()) {
      EXPECT_TRUE(fit_for_generated(file, include)) << file.at(include.line) << " includes " << include.name;
    }
  }
}

/// Everything of ours that the file at `path` includes, and what that includes.
void close_over(const std::string& path, std::set<std::string>& seen) {
  if (!seen.insert(path).second) return;
  const SourceFile file = file_at(path);
  EXPECT_FALSE(file.text.empty()) << path << " is included and does not exist";
  for (const Include& include : file.includes()) {
    if (include.quoted) close_over(path_of(file, include), seen);
  }
}

TEST(Includes, GeneratedCodeReachesNoHeavyHeader) {
  const std::vector<std::string_view> heavy{"soci/",   "boost/", "yaml-cpp/", "sqlite3.h",
                                            "simdjson", "fmt/",   "spdlog/",   "CLI/"};
  std::set<std::string> reached;
  for (const SourceFile& file : files_below("generated", cpp)) close_over(file.path, reached);
  for (const std::string& path : reached) {
    const SourceFile file = file_at(path);
    for (const Include& include : file.includes()) {
      EXPECT_FALSE(starts(include.name, heavy))
          << file.at(include.line) << " includes " << include.name << ", and generated code includes " << path;
    }
  }
}

}  // namespace
}  // namespace twoway::layers
