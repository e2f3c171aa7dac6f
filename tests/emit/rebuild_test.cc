// A changed entity compiles one translation unit. The flagship mapping is copied, compiled with the project's own
// generated/CMakeLists.txt, edited, generated anew and compiled anew; ninja says which objects it made.
//
// Where the mapping says something else than before, its digest is compiled as well (0.2 s: mapping.cc, and the hooks).
// What else there is has a reason of its own, which each test names.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "generator/emit/emit.h"
#include "tests/emit/mappings.h"
#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"

namespace twowayc::test {
namespace {

namespace fs = std::filesystem;
using Units = std::set<std::string>;

/// The project around generated/: what is compiled is all of it, and nothing else.
constexpr const char* project = R"cmake(cmake_minimum_required(VERSION 3.25)
project(rebuild LANGUAGES CXX)
set(CMAKE_CXX_STANDARD 20)
add_library(twoway_options INTERFACE)
add_library(twoway_instrumented INTERFACE)
target_include_directories(twoway_options INTERFACE ${TWOWAY_SOURCE})
add_library(twoway_runtime INTERFACE)
target_link_libraries(twoway_runtime INTERFACE twoway_options)
include(${TWOWAY_SOURCE}/generator/cmake/twowayMapping.cmake)
add_subdirectory(generated)
)cmake";

void write(const fs::path& path, std::string_view text) { std::ofstream(path, std::ios::binary) << text; }

class Rebuild : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    scratch_ = new twoway::test::TemporaryDirectory("rebuild");
    const fs::path source = twoway::test::source_directory();
    fs::create_directories(generated().parent_path());
    fs::create_directories(mapping().parent_path());
    fs::copy(flagship_directory(), mapping(), fs::copy_options::recursive);
    fs::copy(source / "generated/CMakeLists.txt", generated().parent_path() / "CMakeLists.txt");
    write(*scratch_ / "CMakeLists.txt", project);
    write(generated().parent_path() / "main.cc", "int main() {}\n");
    generate();
    twoway::test::run_checked({"cmake", "-G", "Ninja", "-S", scratch_->path().string(), "-B", build().string(),
                               "-DTWOWAY_SOURCE=" + source.string()});
    ASSERT_GE(compile().size(), 6U);
  }
  static void TearDownTestSuite() {
    delete scratch_;
    scratch_ = nullptr;
  }

  static fs::path mapping() { return *scratch_ / "mapping/openwebui-pocketbase"; }
  static fs::path generated() { return *scratch_ / "generated/openwebui-pocketbase"; }
  static fs::path build() { return *scratch_ / "build"; }
  static void generate() { write_tree(generated(), emit(compiled(mapping()))); }
  /// Compiles what is stale, and says which units that were.
  static Units compile() {
    Units units;
    std::istringstream lines(
        twoway::test::run_checked({"ninja", "-C", build().string(), "-j2", "openwebui_pocketbase"}));
    const std::regex object(R"(Building CXX object \S*/([^/ ]+)\.o)");
    std::smatch found;
    for (std::string line; std::getline(lines, line);) {
      if (std::regex_search(line, found, object)) units.insert(found[1]);
    }
    return units;
  }

  /// The unit that an entity is compiled in, as CMake decided it.
  static std::string unit_of(const std::string& entity) {
    for (const auto& file : fs::recursive_directory_iterator(build())) {
      if (file.path().extension() != ".cxx") continue;
      const std::string text = twoway::test::read_file(file.path());
      if (text.find("/entities/" + entity + ".cc\"") != std::string::npos) return file.path().filename();
    }
    return "no unit holds " + entity;
  }

  /// Edits a file, generates, and returns what was compiled for it.
  static Units compiled_after(const std::string& file, std::string_view old, std::string_view present) {
    std::string text = twoway::test::read_file(mapping() / file);
    const std::size_t at = text.find(old);
    EXPECT_NE(at, std::string::npos) << old;
    write(mapping() / file, text.replace(at, old.size(), present));
    generate();
    return compile();
  }

  static inline twoway::test::TemporaryDirectory* scratch_ = nullptr;
};

TEST_F(Rebuild, WhatIsUnchangedIsNotCompiled) {
  generate();
  EXPECT_EQ(compile(), Units());
}

TEST_F(Rebuild, AFieldOfAnEntityCompilesItsUnit) {
  // Entities before it use the lens in both ways; else proofs.cc would prove the new one, or the old one elsewhere.
  EXPECT_EQ(compiled_after("entities/channel_webhook.yaml", "last_used_at:      { lens: epoch_nanoseconds }",
                           "last_used_at:      { lens: epoch_nanoseconds, default: created }"),
            (Units{unit_of("channel_webhook"), "unity_digest_cxx.cxx"}));
}

TEST_F(Rebuild, NothingOfThoseWhoReferToTheEntity) {
  // Nearly all entities refer to user. A remark says nothing, so the digest stays, but lines move: those of the
  // entity's fields, and in proofs.cc those of e-mails and passwords, which nobody else has. The proof names the line.
  EXPECT_EQ(compiled_after("entities/user.yaml", "\nfields:\n", "\n# One line more.\n\nfields:\n"),
            (Units{unit_of("user"), "proofs.cc"}));
}

TEST_F(Rebuild, AFieldThatPocketBaseDeclaresOtherwiseCompilesTheMigrationsToo) {
  EXPECT_EQ(compiled_after("entities/tag.yaml", "meta:    { lens: json }", "meta:    { lens: json, hidden: true }"),
            (Units{unit_of("tag"), "unity_digest_cxx.cxx", "unity_data_cxx.cxx"}));
}

TEST_F(Rebuild, EntitiesShareUnitsEvenly) {
  Units units;
  for (const auto& file : fs::directory_iterator(generated() / "entities")) {
    if (file.path().extension() == ".cc") units.insert(unit_of(file.path().stem()));
  }
  EXPECT_GE(units.size(), 3U);
}

}  // namespace
}  // namespace twowayc::test
