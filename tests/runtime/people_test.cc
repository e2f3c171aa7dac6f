// Identities in documents, cells of lists.
#include <gtest/gtest.h>

#include <fstream>

#include "runtime/migrate/private_file.h"
#include "runtime/model/error.h"
#include "runtime/transform/identities.h"
#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"

namespace twoway {
namespace {

Identities of(std::string_view document) { return identities_in(Value::text(document), "sub"); }

TEST(IdentitiesInDocuments, AreObjectsWithATextOfThatName) {
  EXPECT_EQ(of(R"({"google": {"sub": "1", "x": 2}, "oidc": {"sub": "é"}})"),
            (Identities{{"google", "1"}, {"oidc", "é"}}));
  EXPECT_EQ(of(R"({"a": {"sub": ""}, "b": {"sub": 1}, "c": "sub", "d": {"id": "1"}, "": {"sub": "1"}})"), Identities());
  EXPECT_EQ(of(R"({"a": {"sub": "1"}, "a": {"sub": "2"}})"), (Identities{{"a", "2"}}));
  for (const char* none : {"", "null", "[]", "{", "\"{\"", R"([{"a": {"sub": "1"}}])"}) {
    EXPECT_EQ(of(none), Identities()) << none;
  }
  EXPECT_EQ(identities_in(Value::null(), "sub"), Identities());
  EXPECT_EQ(identities_in(Value::integer(3), "sub"), Identities());
}

TEST(IdentitiesInDocuments, ArePatchedOnlyWhereTheyDiffer) {
  const Identities then{{"a", "1"}, {"b", "2"}, {"c", "3"}};
  const Identities now{{"a", "1"}, {"b", "9"}, {"d", "4"}};
  EXPECT_EQ(identities_patch(then, now, "sub"), R"({"c":null,"b":{"sub":"9"},"d":{"sub":"4"}})");
  EXPECT_EQ(identities_patch(then, then, "sub"), "{}");
}

TEST(CsvCells, AreQuotedWhereTheyMustBe) {
  EXPECT_EQ(csv_cell("plain text"), "plain text");
  EXPECT_EQ(csv_cell("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_cell("say \"a\"\n"), "\"say \"\"a\"\"\n\"");
  EXPECT_EQ(csv_text("=1+1"), "'=1+1");
  EXPECT_EQ(csv_text("a\tb\xff"),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD");
}

TEST(PrivateFiles, HaveTheirNameWhenTheyAreWhole) {
  const test::TemporaryDirectory directory("private_file");
  const auto file = directory / "below/list";
  {
    PrivateFile(file).write("half");
  }
  EXPECT_TRUE(std::filesystem::is_empty(directory / "below")) << "what was not finished is gone";
  PrivateFile whole_one(file);
  whole_one.write("abc");
  EXPECT_EQ(whole_one.finish(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(test::read_file(file), "abc");
  EXPECT_EQ(std::filesystem::status(file).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST(PrivateFiles, SayWhereTheyCannotBeWritten) {
  const test::TemporaryDirectory directory("private_file");
  std::ofstream(directory / "file") << "no directory";
  try {
    PrivateFile file(directory / "file/list");
    FAIL() << "it was made";
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()),
              "cannot write " + (directory / "file/list.new").string() + ": Not a directory");
    EXPECT_EQ(error.hint(), "Make room or give yourself permission, and run the same command again.");
  }
}

}  // namespace
}  // namespace twoway
