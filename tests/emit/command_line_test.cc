// twowayc as people call it.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "generator/emit/emit.h"
#include "tests/emit/mappings.h"
#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"

namespace twowayc::test {
namespace {

using twoway::test::ProcessResult;
using twoway::test::TemporaryDirectory;

ProcessResult twowayc(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), twoway::test::program("twowayc").string());
  return twoway::test::run(arguments);
}

TEST(CommandLine, BuildsChecksAndSaysHowMuch) {
  const TemporaryDirectory scratch("twowayc");
  const std::string mapping = library_directory().string();
  const std::string out = (scratch / "out").string();
  EXPECT_EQ(twowayc({"build", mapping, "--out", out, "--check"}).status, 1);
  const ProcessResult first = twowayc({"build", mapping, "--out", out});
  EXPECT_EQ(first.status, 0) << first.describe();
  const std::string files = std::to_string(emit(compiled(library_directory())).size());
  EXPECT_EQ(first.output,
            "library: 4 entities, " + files + " files: " + files + " written, 0 unchanged, 0 removed\n");
  EXPECT_EQ(twowayc({"build", mapping, "--out", out}).output,
            "library: 4 entities, " + files + " files: 0 written, " + files + " unchanged, 0 removed\n");
  EXPECT_EQ(twowayc({"build", mapping, "--out", out, "--check"}).status, 0);
  std::ofstream(scratch / "out/mapping.cc") << "edited";
  const ProcessResult stale = twowayc({"build", mapping, "--out", out, "--check"});
  EXPECT_EQ(stale.status, 1);
  EXPECT_EQ(stale.output, "stale: mapping.cc\n");
  EXPECT_EQ(stale.errors, out + " is stale: 1 of " + files + " files\nhint: twowayc build " + mapping + " --out " +
                              out + "\n");
}

TEST(CommandLine, WhatIsCheckedInIsFresh) {
  const std::string out = (twoway::test::source_directory() / "generated/openwebui-pocketbase").string();
  const ProcessResult result = twowayc({"build", flagship_directory().string(), "--out", out, "--check"});
  EXPECT_EQ(result.status, 0) << result.describe();
}

TEST(CommandLine, ErrorsAreStatusTwo) {
  const TemporaryDirectory scratch("twowayc");
  EXPECT_EQ(twowayc({}).status, 2);
  EXPECT_EQ(twowayc({"build"}).status, 2);
  EXPECT_EQ(twowayc({"frobnicate"}).status, 2);
  EXPECT_EQ(twowayc({"build", (scratch / "none").string(), "--out", (scratch / "out").string()}).status, 2);
  const ProcessResult unwritable = twowayc({"build", library_directory().string(), "--out", "/proc/no/such"});
  EXPECT_EQ(unwritable.status, 2);
  EXPECT_TRUE(unwritable.errors.starts_with("twowayc: ")) << unwritable.errors;
  EXPECT_EQ(twowayc({"--help"}).status, 0);
  EXPECT_EQ(twowayc({"--version"}).status, 0);
}

TEST(CommandLine, InitNeedsTheProgramBesideIt) {
  const TemporaryDirectory scratch("twowayc");
  const std::string alone = scratch / "twowayc";
  std::filesystem::copy_file(twoway::test::program("twowayc"), alone);
  const ProcessResult result = twoway::test::run({alone, "init", "shop.db", "--out", (scratch / "shop").string()});
  EXPECT_EQ(result.status, 2);
  EXPECT_EQ(result.errors, "twowayc: cannot start " + alone +
                               "-init: No such file or directory\n"
                               "hint: it belongs beside twowayc: build or install it too\n");
}

TEST(CommandLine, ExplainsErrors) {
  const ProcessResult two = twowayc({"explain-error", "[lens-unknown]", "column-unmapped"});
  EXPECT_EQ(two.status, 0) << two.describe();
  EXPECT_TRUE(two.output.starts_with("lens-unknown: a lens that is neither built in nor declared\n"));
  EXPECT_NE(two.output.find("\n\ncolumn-unmapped: "), std::string::npos);
  const ProcessResult misspelled = twowayc({"explain-error", "lens-unknwon"});
  EXPECT_EQ(misspelled.status, 2);
  EXPECT_EQ(misspelled.errors, "twowayc: there is no diagnostic 'lens-unknwon'\nhint: did you mean 'lens-unknown'?\n");
  EXPECT_EQ(twowayc({"explain-error", "--markdown"}).output,
            twoway::test::read_file(twoway::test::source_directory() / "docs/diagnostics.md"));
  const TemporaryDirectory scratch("twowayc");
  const ProcessResult failed = twowayc({"vet", (scratch / "none").string()});
  EXPECT_TRUE(failed.errors.ends_with("[directory-unreadable]\nmore: twowayc explain-error directory-unreadable\n"))
      << failed.errors;
}

TEST(CommandLine, BreakingComparesWithAFolder) {
  const std::string cases = (twoway::test::source_directory() / "tests/generator/breaking_cases/lens-changed").string();
  const ProcessResult broken =
      twowayc({"breaking", cases + "/current/shop", "--against", cases + "/previous/shop"});
  EXPECT_EQ(broken.status, 1);
  EXPECT_TRUE(broken.output.ends_with("\n1 break\n")) << broken.output;
  EXPECT_EQ(twowayc({"breaking", cases + "/current/shop", "--against", cases + "/current/shop"}).output, "0 breaks\n");
  EXPECT_EQ(twowayc({"breaking", cases + "/current/shop", "--against", cases + "/none/shop"}).status, 2);
  EXPECT_EQ(twowayc({"breaking", cases + "/current/shop", "--against", "git:-x"}).status, 2);
  EXPECT_EQ(twowayc({"breaking", cases + "/current/shop"}).status, 2);
}

TEST(CommandLine, VetListsLossesAndFindings) {
  const ProcessResult library = twowayc({"vet", library_directory().string()});
  EXPECT_EQ(library.status, 1);
  for (const char* wanted :
       {"tests/library/mapping.yaml:13: purge: table search_cache: The library's program",
        "tests/library/entities/author.yaml:11: lossy: author.weight: Only an estimate",
        "purge: member.tokenKey: Sessions end with the move.",
        "open-rule: author: rule 'list' is empty, so everyone may list authors, without signing in",
        "tests/library/entities/author.yaml:17: open-rule: author: rule 'list'",
        "unindexed-relation: loan: rule 'list' uses relation member, which no index begins with",
        "advice: loan: no index begins with relation previous, so a deletion in members reads all loans",
        "\n3 findings\n"}) {
    EXPECT_NE(library.output.find(wanted), std::string::npos) << wanted << "\n" << library.output;
  }
  EXPECT_EQ(twowayc({"vet", flagship_directory().string()}).status, 0);
}

}  // namespace
}  // namespace twowayc::test
