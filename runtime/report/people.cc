#include "runtime/report/people.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "runtime/report/html.h"
#include "runtime/report/text.h"

namespace twoway::report {
namespace {

namespace json = boost::json;

json::value path_or_null(std::string_view path) {
  return path.empty() ? json::value(nullptr) : json::value(redacted(printable(path)));
}

/// The counts that are only worth a word where they are not 0, in the words of the list.
struct Reason {
  std::string_view words;
  std::uint64_t PeopleReport::* count;
};
constexpr Reason reasons[] = {
    {"need a new password", &PeopleReport::reset_needed},
    {"sign in by OAuth only", &PeopleReport::oauth_only},
    {"sign in by OAuth as well", &PeopleReport::oauth},
    {"have an OAuth account that another person has, too", &PeopleReport::identity_taken},
    {"have an address that PocketBase refuses", &PeopleReport::address_refused},
    {"have no address", &PeopleReport::no_address},
    {"have an address that is not verified", &PeopleReport::unverified},
};

}  // namespace

json::value people_value(const RunReport& report) {
  if (!report.people) return nullptr;
  const PeopleReport& people = *report.people;
  json::object object;
  object["entity"] = json::string(people.entity);
  object["accounts"] = people.accounts;
  object["with_password"] = people.with_password;
  object["reset_needed"] = people.reset_needed;
  object["oauth_only"] = people.oauth_only;
  object["oauth"] = people.oauth;
  object["identity_taken"] = people.identity_taken;
  object["address_refused"] = people.address_refused;
  object["no_address"] = people.no_address;
  object["unverified"] = people.unverified;
  object["listed"] = people.listed;
  object["identities"] = people.identities;
  object["linked"] = people.linked;
  object["unlinked"] = people.unlinked;
  object["reset_passwords"] = people.reset_passwords;
  object["signed_out"] = people.signed_out;
  object["list"] = path_or_null(people.list);
  object["list_digest"] = people.list_digest.empty() ? json::value(nullptr) : json::value(people.list_digest);
  object["addresses"] = path_or_null(people.addresses);
  object["addresses_digest"] =
      people.addresses_digest.empty() ? json::value(nullptr) : json::value(people.addresses_digest);
  return object;
}

std::string people_lines(const RunReport& report) {
  if (!report.people || report.people->accounts == 0) return {};
  const PeopleReport& people = *report.people;
  std::string lines =
      fmt::format("\npeople: {}, {} with the password they have; {} signed out\n",
                  counted(people.accounts, "account", "accounts"), grouped(people.with_password),
                  report.dry_run ? fmt::format("{} would be", grouped(people.signed_out)) : grouped(people.signed_out));
  for (const Reason& reason : reasons) {
    if (people.*reason.count > 0) lines += fmt::format("  {} {}\n", grouped(people.*reason.count), reason.words);
  }
  if (!people.list.empty()) {
    lines += fmt::format("  listed: {} in {}\n", grouped(people.listed), redacted(printable(people.list)));
  }
  return lines;
}

std::vector<std::pair<std::string, std::string>> people_facts(const RunReport& report) {
  std::vector<std::pair<std::string, std::string>> facts;
  if (!report.people || report.people->accounts == 0) return facts;
  const PeopleReport& people = *report.people;
  facts.emplace_back("Accounts", grouped(people.accounts));
  facts.emplace_back("Sign in with the password they have", grouped(people.with_password));
  for (const Reason& reason : reasons) {
    if (people.*reason.count > 0)
      facts.emplace_back(fmt::format("They {}", reason.words), grouped(people.*reason.count));
  }
  facts.emplace_back(report.dry_run ? "Would be signed out" : "Signed out", grouped(people.signed_out));
  if (people.reset_passwords) facts.emplace_back("Passwords", "all are to be reset (--reset-passwords)");
  if (people.identities > 0) {
    facts.emplace_back("Accounts elsewhere (OAuth)",
                       fmt::format("{}; {} linked, {} unlinked", grouped(people.identities), grouped(people.linked),
                                   grouped(people.unlinked)));
  }
  if (!people.list.empty()) facts.emplace_back("Who they are", html::code(people.list));
  return facts;
}

}  // namespace twoway::report
