// Letters from receipts, whole texts.
#include <gtest/gtest.h>

#include <fstream>

#include "runtime/migrate/private_file.h"
#include "runtime/report/letters.h"
#include "runtime/report/receipt_json.h"
#include "tests/runtime/report_sample.h"
#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"

namespace twoway::report {
namespace {

namespace fs = std::filesystem;
using test::read_file;

std::string write(const fs::path& path, std::string_view text) {
  PrivateFile file(path);
  file.write(text);
  return file.finish();
}

class LettersTest : public testing::Test {
 protected:
  LettersTest() {
    report_ = sample::good();
    PeopleReport people;
    people.entity = "user";
    people.accounts = people.signed_out = 4;
    people.reset_needed = 2;
    people.oauth = 1;
    people.list = (directory_ / "people.csv").string();
    people.list_digest = write(people.list,
                               "id,name,email,reasons\na,\"A, \"\"b\"\"\",ada@example.com,reset needed\n"
                               "b,B,bob@example.com,OAuth\nc,C,'+c@example.com,reset needed; OAuth\n");
    people.addresses = (directory_ / "addresses.txt").string();
    people.addresses_digest =
        write(people.addresses, "ada@example.com\nbob@example.com\n+c@example.com\ndan@example.com\n");
    report_.people = people;
    options_.receipt = (directory_ / "receipt.json").string();
    options_.directory = (directory_ / "letters").string();
  }

  void write_receipt() {
    std::ofstream(options_.receipt) << receipt_json(report_, {report_.dry_run ? Verb::plan : Verb::migrate, "0.1.0"});
  }
  Letters letters() {
    write_receipt();
    return write_letters(sample::mapping(), options_);
  }
  std::string text(const std::string& name) const { return read_file(fs::path(options_.directory) / name); }
  std::string refusal() {
    try {
      write_letters(sample::mapping(), options_);
    } catch (const Error& error) {
      EXPECT_EQ(error.status(), ExitStatus::cannot_start);
      return std::string(error.what()) + " | " + error.hint();
    }
    return {};
  }

  test::TemporaryDirectory directory_{"letters"};
  RunReport report_;
  LetterOptions options_;
};

TEST_F(LettersTest, WholeTexts) {
  options_.when = "on 1 December at 22:00 UTC";
  options_.contact = "it@example.com";
  const Letters written = letters();
  ASSERT_EQ(written.written.size(), 4U);
  EXPECT_EQ(text("maintenance.txt"), R"(Subject: Open WebUI 0.12.4: maintenance

Hello,

we move Open WebUI 0.12.4 to another store: from its own database to
PocketBase. All 4 accounts and everything in them go over.

The maintenance begins on 1 December at 22:00 UTC. From then on, and until
you hear from us again, Open WebUI 0.12.4 is not available.

Please finish what you are doing before it begins. You need not save or
export anything.

Afterwards everybody signs in once more, with the same address and the same
password as before.

If you sign in through an account elsewhere, such as that of your company,
you do so afterwards, too.

For 2 accounts the password cannot be taken over; they get a message of
their own.

Questions: it@example.com
)");
  EXPECT_EQ(text("sign-in-again.txt"), R"(Subject: Open WebUI 0.12.4: please sign in again

Hello,

Open WebUI 0.12.4 has moved from its own database to PocketBase. It is
available again since 2026-11-21 12:00 UTC.

For your safety all sessions have ended with the move (4 accounts). Please
sign in again, with the same address and the same password as before.

If you sign in through an account elsewhere, such as that of your company,
please do so again.

If something is missing or looks wrong, please tell us.

Questions: it@example.com
)");
  EXPECT_EQ(text("reset-password.txt"), R"(Subject: Open WebUI 0.12.4: please set a new password

Hello,

Open WebUI 0.12.4 has moved from its own database to PocketBase. It is
available again since 2026-11-21 12:00 UTC.

Your account went over with everything in it, but your password does not
work any more. This is so for 2 accounts; nobody else has seen or used your
password because of it.

Please set a new password: choose `Forgot password` where you sign in, or
ask us to set one for you. We will never ask you for your password.

Questions: it@example.com
)");
  EXPECT_EQ(text("we-went-back.txt"), R"(Subject: Open WebUI 0.12.4: we went back

Hello,

the move of Open WebUI 0.12.4 from its own database to PocketBase of
2026-11-21 12:00 UTC was undone: it uses its own database again, as before.

What you wrote in between may not be there. Please look for it, and tell us
what you miss.

Please sign in again, with your address and your password.

Questions: it@example.com
)");
  const std::string all = "ada@example.com\nbob@example.com\n+c@example.com\ndan@example.com\n";
  EXPECT_EQ(text("maintenance.recipients.txt"), all);
  EXPECT_EQ(text("sign-in-again.recipients.txt"), "bob@example.com\ndan@example.com\n");
  EXPECT_EQ(text("reset-password.recipients.txt"), "ada@example.com\n+c@example.com\n");
  EXPECT_EQ(text("we-went-back.recipients.txt"), all);
}

TEST_F(LettersTest, PagesHoldNoMarkupOfOthers) {
  options_.contact = "<script>alert(1)</script> & \"us\"";
  report_.people->reset_needed = report_.people->oauth = 0;
  report_.direction = Direction::to_sql;
  letters();
  EXPECT_EQ(text("we-went-back.html"), R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'"/>
<title>Open WebUI 0.12.4: we went back</title>
</head>
<body>
<p>Hello,</p>
)"
            "<p>Open WebUI 0.12.4 went back from PocketBase to its own database. It is available again since "
            "2026-11-21 12:00 UTC, with what you wrote in between.</p>\n"
            R"(<p>Please sign in again, with your address and your password.</p>
<p>Questions: &lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;us&quot;</p>
</body>
</html>
)");
}

TEST_F(LettersTest, APlanMakesTheFirstLetterOnly) {
  report_.dry_run = true;
  const Letters written = letters();
  ASSERT_EQ(written.written.size(), 1U);
  EXPECT_EQ(letters_text(written), "maintenance: 4 recipients\n  " + options_.directory + "/maintenance.txt\n  " +
                                       options_.directory + "/maintenance.html\n  " + options_.directory +
                                       "/maintenance.recipients.txt\n"
                                       "This receipt is a plan's: the other letters are made of the run's own.\n");
  EXPECT_NE(text("maintenance.txt").find("We will tell you the day and the hour in another message."),
            std::string::npos);
}

TEST_F(LettersTest, TwiceChangesNothingAndEditsAreKept) {
  letters();
  const Letters again = letters();
  for (const WrittenLetter& letter : again.written) EXPECT_EQ(letter.unchanged, letter.files) << letter.name;
  const fs::path edited = fs::path(options_.directory) / "sign-in-again.txt";
  std::ofstream(edited) << "our own words";
  options_.contact = "it@example.com";
  EXPECT_EQ(refusal(),
            "somebody edited " + edited.string() + " | Say --overwrite to write them anew, or name another directory.");
  EXPECT_EQ(read_file(edited), "our own words");
  EXPECT_EQ(text("maintenance.txt").find("it@example.com"), std::string::npos) << "nothing was written";
  options_.overwrite = true;
  letters();
  EXPECT_NE(read_file(edited).find("it@example.com"), std::string::npos);
}

TEST_F(LettersTest, ReceiptsThatCannotMakeLettersAreRefused) {
  EXPECT_EQ(refusal(),
            options_.receipt + " cannot be read | Name the JSON file of a receipt, or the directory that it lies in.");
  std::ofstream(options_.receipt) << "{}";
  EXPECT_EQ(refusal(),
            options_.receipt + " is no receipt | Name the JSON file of a receipt, or the directory that it lies in.");
  report_.mapping = "another";
  write_receipt();
  EXPECT_EQ(refusal(), options_.receipt +
                           " is of the mapping another, this program of openwebui-pocketbase | Use the program that "
                           "wrote it.");
  report_.mapping = "openwebui-pocketbase";
  const PeopleReport people = *report_.people;
  report_.people.reset();
  write_receipt();
  EXPECT_EQ(refusal(), options_.receipt +
                           " says nothing of people | Letters are made of runs between SQL and PocketBase that "
                           "carried all rows to their end.");
  report_.people = people;
  report_.people->list.clear();
  write_receipt();
  EXPECT_EQ(refusal(), "the run of " + options_.receipt +
                           " wrote no list of people | For a plan: twoway plan --people DIR --receipt FILE.");
  report_.people = people;
  write_receipt();
  write(people.addresses, "somebody@example.com\n");
  EXPECT_EQ(refusal(), people.addresses + " is not what the run of " + options_.receipt +
                           " wrote | It is a later run's or was edited: take the latest receipt, or edit the letters' "
                           "recipients.");
  fs::remove(people.addresses);
  EXPECT_EQ(refusal(), people.addresses + " cannot be read | Put it where the receipt says.");
  EXPECT_FALSE(fs::exists(options_.directory));
}

TEST_F(LettersTest, ListsAreFoundBesideAReceiptThatWasMoved) {
  write_receipt();
  fs::create_directory(directory_ / "moved");
  for (const char* name : {"receipt.json", "people.csv", "addresses.txt"}) {
    fs::rename(directory_ / name, directory_ / "moved" / name);
  }
  options_.receipt = (directory_ / "moved").string();
  EXPECT_EQ(write_letters(sample::mapping(), options_).written.size(), 4U);
}

TEST_F(LettersTest, WhatWasWrittenInWords) {
  Letters all{{{"before", "Maintenance", 1, {"a.txt", "a.html"}, {}}, {"after", "Done", 2, {"b.txt"}, {"b.txt"}}},
              false};
  EXPECT_EQ(letters_text(all), "before: 1 recipient\n  a.txt\n  a.html\nafter: 2 recipients, unchanged\n  b.txt\n");
  all.planned = true;
  all.written.clear();
  EXPECT_EQ(letters_text(all), "This receipt is a plan's: the other letters are made of the run's own.\n");
}

TEST_F(LettersTest, ReceiptsOfAnotherForm) {
  const std::string none = " is no receipt | Name the JSON file of a receipt, or the directory that it lies in.";
  for (const char* text : {"", "[]", "{}", "{\"receipt\":7}", "{\"receipt\":\"other\"}"}) {
    std::ofstream(options_.receipt) << text;
    EXPECT_EQ(refusal(), options_.receipt + none) << text;
  }
  std::ofstream(options_.receipt) << R"({"receipt":"twoway","mapping":"openwebui-pocketbase","people":7})";
  EXPECT_EQ(refusal(), options_.receipt +
                           " says nothing of people | Letters are made of runs between SQL and PocketBase "
                           "that carried all rows to their end.");
}

TEST_F(LettersTest, AMemoryThatSomebodyChangedIsNone) {
  letters();
  for (const char* memory : {"{", "[]", "{\"before.txt\":7}"}) {
    std::ofstream(fs::path(options_.directory) / "letters.json") << memory;
    EXPECT_NO_THROW(letters()) << memory;
  }
}

}  // namespace
}  // namespace twoway::report
