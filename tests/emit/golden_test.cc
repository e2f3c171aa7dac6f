// The whole output for the small mapping, as it was last agreed on.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "generator/emit/emit.h"
#include "tests/emit/mappings.h"
#include "tests/support/process.h"

namespace twowayc::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* how_to_agree = "look at the difference, then: build/bin/twowayc build tests/library --out "
                                     "tests/library/expected";

TEST(Golden, TheLibraryMappingGivesWhatIsExpected) {
  const FileTree tree = emit(compiled(library_directory()));
  const fs::path expected = library_directory() / "expected";
  for (const auto& [path, content] : tree) {
    ASSERT_TRUE(fs::is_regular_file(expected / path)) << path << " is new; " << how_to_agree;
    EXPECT_EQ(content, twoway::test::read_file(expected / path)) << path << "; " << how_to_agree;
  }
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(expected)) {
    if (!entry.is_regular_file()) continue;
    const std::string path = fs::relative(entry.path(), expected).generic_string();
    EXPECT_TRUE(tree.contains(path)) << path << " is no longer made; " << how_to_agree;
  }
}

}  // namespace
}  // namespace twowayc::test
