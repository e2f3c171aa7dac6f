// What the summary, the page and the JSON say of people.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "runtime/report/json_text.h"
#include "runtime/report/people.h"
#include "runtime/report/receipt_html.h"
#include "runtime/report/summary.h"
#include "tests/runtime/report_sample.h"

namespace twoway::report {
namespace {

RunReport with_people() {
  RunReport report = sample::good();
  PeopleReport people;
  people.entity = "user";
  people.accounts = 1345;
  people.with_password = 1300;
  people.reset_needed = 40;
  people.oauth_only = 5;
  people.oauth = 7;
  people.identity_taken = 1;
  people.address_refused = 2;
  people.no_address = 3;
  people.unverified = 4;
  people.listed = 60;
  people.identities = 12;
  people.linked = 11;
  people.signed_out = 1345;
  people.list = "pb_data.twoway/people.csv";
  people.list_digest = std::string(64, 'a');
  people.addresses = "pb_data.twoway/addresses.txt";
  people.addresses_digest = std::string(64, 'b');
  report.people = people;
  return report;
}

TEST(ReportPeople, Lines) {
  EXPECT_EQ(people_lines(with_people()), R"(
people: 1,345 accounts, 1,300 with the password they have; 1,345 signed out
  40 need a new password
  5 sign in by OAuth only
  7 sign in by OAuth as well
  1 have an OAuth account that another person has, too
  2 have an address that PocketBase refuses
  3 have no address
  4 have an address that is not verified
  listed: 60 in pb_data.twoway/people.csv
)");
  RunReport planned = sample::good();
  EXPECT_EQ(people_lines(planned), "");
  planned.people.emplace();
  EXPECT_EQ(people_lines(planned), "") << "nobody is there";
  planned.people->accounts = planned.people->signed_out = planned.people->with_password = 1;
  planned.dry_run = true;
  EXPECT_EQ(people_lines(planned), "\npeople: 1 account, 1 with the password they have; 1 would be signed out\n");
}

TEST(ReportPeople, Json) {
  EXPECT_EQ(pretty(people_value(with_people())), R"({
  "entity": "user",
  "accounts": 1345,
  "with_password": 1300,
  "reset_needed": 40,
  "oauth_only": 5,
  "oauth": 7,
  "identity_taken": 1,
  "address_refused": 2,
  "no_address": 3,
  "unverified": 4,
  "listed": 60,
  "identities": 12,
  "linked": 11,
  "unlinked": 0,
  "reset_passwords": false,
  "signed_out": 1345,
  "list": "pb_data.twoway/people.csv",
  "list_digest": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
  "addresses": "pb_data.twoway/addresses.txt",
  "addresses_digest": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
}
)");
}

TEST(ReportPeople, Page) {
  RunReport report = with_people();
  report.people->reset_passwords = true;
  report.people->list = "a<b/people.csv";
  const std::string page = receipt_html(report, {Verb::migrate, "0.1.0"});
  const std::string section = R"(<section>
<h2>People</h2>
<dl>
<dt>Accounts</dt><dd>1,345</dd>
<dt>Sign in with the password they have</dt><dd>1,300</dd>
<dt>They need a new password</dt><dd>40</dd>
<dt>They sign in by OAuth only</dt><dd>5</dd>
<dt>They sign in by OAuth as well</dt><dd>7</dd>
<dt>They have an OAuth account that another person has, too</dt><dd>1</dd>
<dt>They have an address that PocketBase refuses</dt><dd>2</dd>
<dt>They have no address</dt><dd>3</dd>
<dt>They have an address that is not verified</dt><dd>4</dd>
<dt>Signed out</dt><dd>1,345</dd>
<dt>Passwords</dt><dd>all are to be reset (--reset-passwords)</dd>
<dt>Accounts elsewhere (OAuth)</dt><dd>12; 11 linked, 0 unlinked</dd>
<dt>Who they are</dt><dd><code>a&lt;b/people.csv</code></dd>
</dl>
</section>
)";
  EXPECT_NE(page.find(section), std::string::npos) << page;
}

}  // namespace
}  // namespace twoway::report
