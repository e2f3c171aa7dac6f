// Hashes by their form, identities in documents, cells of lists.
#include <gtest/gtest.h>

#include <fstream>

#include "runtime/lens/password_hash.h"
#include "runtime/migrate/private_file.h"
#include "runtime/model/error.h"
#include "runtime/transform/identities.h"
#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"

namespace twoway {
namespace {

using lens::PasswordHash;

constexpr PasswordHash kind(std::string_view hash) { return lens::password_hash(Value::text(hash)); }
constexpr std::string_view whole = "$2b$12$C6UzMDM.H6dfI/f/IKcEeO5ZPm0aN1DaWVbCM1DqPz0VqJ9fHnJ7S";

TEST(PasswordHashes, AreKnownByTheirForm) {
  static_assert(kind(whole) == PasswordHash::bcrypt);
  EXPECT_EQ(kind("$2a" + std::string(whole.substr(3))), PasswordHash::bcrypt);
  EXPECT_EQ(kind("$2y" + std::string(whole.substr(3))), PasswordHash::bcrypt);
  EXPECT_EQ(kind("$argon2id$v=19$m=65536"), PasswordHash::argon2);
  EXPECT_EQ(kind(""), PasswordHash::none);
  EXPECT_EQ(kind("!"), PasswordHash::none);
  EXPECT_EQ(lens::password_hash(Value::null()), PasswordHash::none);
  EXPECT_EQ(lens::password_hash(Value::blob(whole)), PasswordHash::none) << "a blob is no text";
}

TEST(PasswordHashes, OfAnotherFormAreUnknown) {
  EXPECT_EQ(kind(whole.substr(0, 59)), PasswordHash::unknown);
  EXPECT_EQ(kind(std::string(whole) + "x"), PasswordHash::unknown);
  EXPECT_EQ(kind("$2x" + std::string(whole.substr(3))), PasswordHash::unknown);
  EXPECT_EQ(kind("$2b$03" + std::string(whole.substr(6))), PasswordHash::unknown) << "the least cost is 4";
  EXPECT_EQ(kind("$2b$32" + std::string(whole.substr(6))), PasswordHash::unknown) << "the greatest is 31";
  EXPECT_EQ(kind("$2b$1x" + std::string(whole.substr(6))), PasswordHash::unknown);
  EXPECT_EQ(kind("$2b$12$" + std::string(52, 'a') + "+"), PasswordHash::unknown);
  EXPECT_EQ(kind("{SSHA}x"), PasswordHash::unknown);
  for (const auto& [at, byte] : {std::pair{0, 'x'}, {1, '1'}, {3, '_'}, {4, 'x'}, {4, '/'}, {6, '_'}}) {
    std::string hash(whole);
    hash[static_cast<std::size_t>(at)] = byte;
    EXPECT_EQ(kind(hash), PasswordHash::unknown) << hash;
  }
  for (const char byte : {'-', ':', '@', '[', '`', '{'}) {
    EXPECT_EQ(kind("$2b$12$" + std::string(52, 'a') + byte), PasswordHash::unknown) << byte;
  }
}

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
