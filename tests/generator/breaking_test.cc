// Replays tests/generator/breaking_cases: each folder has a mapping as it was and as it is; expected.txt is what
// `twowayc breaking` says about the two. UPDATE_EXPECTED=1 writes the files anew; read the difference.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "generator/breaking/breaking.h"
#include "generator/cli/old_mapping.h"
#include "generator/plan/compile.h"
#include "tests/generator/files.h"

namespace twowayc {
namespace {

namespace fs = std::filesystem;

const fs::path cases = fs::path("tests") / "generator" / "breaking_cases";

std::optional<MappingModel> compiled(const fs::path& directory) {
  SourceSet sources;
  DiagnosticSink sink;
  auto model = compile(directory, sink, sources);
  EXPECT_TRUE(model) << sink.print(sources);
  return model;
}

/// The identifier that a case is about: the longest one that its name begins with.
std::string_view identifier_of(std::string_view name) {
  std::string_view best;
  for (const DiagnosticName& row : breaking_finding_names) {
    if (name.starts_with(row.identifier) && row.identifier.size() > best.size()) best = row.identifier;
  }
  return best;
}

class Breaking : public testing::Test {
 protected:
  void SetUp() override { fs::current_path(TWOWAY_SOURCE_DIR); }
};

TEST_F(Breaking, EveryCaseFindsWhatIsExpected) {
  std::set<std::string_view> seen;
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(cases)) names.insert(entry.path().filename().string());
  for (const std::string& name : names) {
    SCOPED_TRACE(name);
    const auto before = compiled(cases / name / "previous" / "shop");
    const auto now = compiled(cases / name / "current" / "shop");
    if (!before || !now) continue;
    const std::string text = breaks_text(breaks_between(*before, *now), *before, *now, "previous/shop");
    const fs::path expected = cases / name / "expected.txt";
    if (std::getenv("UPDATE_EXPECTED") != nullptr) write_file(expected, text);
    EXPECT_EQ(read_file(expected), text);
    const std::string_view identifier = identifier_of(name);
    EXPECT_TRUE(identifier.empty() || text.find(": " + std::string(identifier) + ": ") != std::string::npos) << text;
    EXPECT_EQ(identifier.empty(), name == "nothing-breaks");
    seen.insert(identifier);
    EXPECT_TRUE(breaks_between(*now, *now).empty());
  }
  for (const DiagnosticName& row : breaking_finding_names) {
    EXPECT_TRUE(seen.contains(row.identifier)) << "no folder tests/generator/breaking_cases/" << row.identifier;
  }
}

TEST_F(Breaking, ARevisionOfGitIsAFolder) {
  TemporaryDirectory scratch;
  const fs::path shop = scratch / "shop";
  fs::copy(cases / "field-renamed" / "previous" / "shop", shop, fs::copy_options::recursive);
  const auto git = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"git", "-C", scratch.path().string(), "-c", "user.name=a", "-c",
                                         "user.email=a@example.com", "-c", "commit.gpgsign=false"});
    twoway::test::run_checked(arguments);
  };
  git({"init", "-q"});
  git({"add", "."});
  git({"commit", "-qm", "Before"});
  fs::copy(cases / "field-renamed" / "current" / "shop", shop,
           fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  fs::path made;
  {
    const OldMapping old(shop, "git:HEAD");
    made = old.directory();
    const auto before = compiled(old.directory());
    const auto now = compiled(shop);
    ASSERT_TRUE(before && now);
    const std::string text = breaks_text(breaks_between(*before, *now), *before, *now, "git:HEAD");
    EXPECT_NE(text.find("before: git:HEAD:entities/purchase.yaml:7\n"), std::string::npos) << text;
    EXPECT_NE(text.find("\n2 breaks\n"), std::string::npos) << text;
  }
  EXPECT_FALSE(fs::exists(made));
  EXPECT_THROW(OldMapping(shop, "git:no-such-revision"), std::runtime_error);
  EXPECT_THROW(OldMapping(shop, "git:--output=x"), std::runtime_error);
}

}  // namespace
}  // namespace twowayc
