// People on their way: who signs in where afterwards, whose sessions end, who is listed, accounts elsewhere.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <boost/json.hpp>

#include "tests/end_to_end/journey.h"
#include "tests/end_to_end/openwebui_reader.h"
#include "tests/support/hostile_proxy.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/places.h"
#include "tests/support/pocketbase_server.h"
#include "tests/support/process.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr const char* password = "correct horse battery staple";
/// Of that password, by the bcrypt and argon2 libraries that Open WebUI uses.
constexpr std::string_view bcrypt = "$04$xhkpfwVyP//zno/KZqCMoeZ/7zJ6oovxcVgYguOYnED19h7c5MjLu";
constexpr const char* argon2 =
    "$argon2id$v=19$m=65536,t=3,p=4$ruqdCVcxQ4ig3xIT50pS9Q$1FMBLiafkElpsnFZ1ZsQ5P/7CvZgIuhuB7c21E1Cpt4";

struct Person {
  std::string id;
  std::string address;
  Cell hash;
  Cell oauth = nullptr;
  std::string name = "A person";
};

void insert(SqliteFile& sql, const Person& person) {
  sql.insert("user", {{"id", person.id},
                      {"name", person.name},
                      {"email", person.address},
                      {"role", "user"},
                      {"profile_image_url", "/user.png"},
                      {"last_active_at", 1},
                      {"updated_at", 1},
                      {"created_at", 1},
                      {"oauth", person.oauth}});
  sql.insert("auth", {{"id", person.id},
                      {"email", person.address},
                      {"password", person.hash},
                      {"active", 1},
                      {"session_stamp", "stamp-of-" + person.id}});
}

fs::path database(const TemporaryDirectory& directory, const std::vector<Person>& people) {
  const fs::path file = fresh(directory.path());
  SqliteFile sql(file);
  for (const Person& person : people) insert(sql, person);
  return file;
}

std::string hash(std::string_view version) { return std::string(version) + std::string(bcrypt); }

bool signs_in(RestClient& client, std::string_view address) {
  const json::value body{{"identity", address}, {"password", password}};
  return client.post("/api/collections/users/auth-with-password", body).status == 200;
}

bool signs_in_to_openwebui(const fs::path& file, const std::string& address) {
  const ProcessResult result = read_with_openwebui(file, {"--sign-in", address, password});
  EXPECT_TRUE(result.status == 0 || result.output.find(address + " cannot sign in") != std::string::npos)
      << result.describe();
  return result.status == 0;
}

mode_t mode_of(const fs::path& file) {
  struct stat status{};
  EXPECT_EQ(::stat(file.c_str(), &status), 0);
  return status.st_mode & 0777U;
}

const std::vector<Person>& everybody() {
  static const std::vector<Person> all{
      {"p-2a", "two-a@example.com", hash("$2a")},
      {"p-2b", "two-b@example.com", hash("$2b")},
      {"p-2y", "two-y@example.com", hash("$2y")},
      {"p-argon", "argon@example.com", argon2, nullptr, "=cmd(), \"Ada\"\nL."},
      {"p-cut", "cut@example.com", hash("$2b").substr(0, 59)},
      {"p-empty", "empty@example.com", ""},
      {"p-google", "google@example.com", hash("$2b"), R"({"google": {"sub": "g-1"}})"},
      {"p-local", "admin@localhost", hash("$2b")},
      {"p-only", "only@example.com", "", R"({"oidc": {"sub": "o-1"}})"},
      {"p-twin", "twin@example.com", hash("$2b"), R"({"google": {"sub": "g-1"}})"},
      {"p-unknown", "unknown@example.com", "{SSHA}x"},
  };
  return all;
}

constexpr const char* list_of_everybody = R"(id,name,email,reasons
p-argon,"'=cmd(), ""Ada""�L.",argon@example.com,reset needed
p-cut,A person,cut@example.com,reset needed
p-empty,A person,empty@example.com,reset needed
p-google,A person,google@example.com,OAuth
p-local,A person,admin@localhost,address refused
p-only,A person,only@example.com,OAuth only
p-twin,A person,twin@example.com,OAuth; identity taken
p-unknown,A person,unknown@example.com,reset needed
)";

TEST(People, SignInWithBcryptOnBothSidesAndAreListedOtherwise) {
  const TemporaryDirectory directory("people");
  const fs::path original = database(directory, everybody());
  const RunReport there = carry(original, directory / "pb_data");
  expect_faithful(there);
  const fs::path state = (directory / "pb_data").string() + ".twoway";
  EXPECT_EQ(read_file(state / "people.csv"), list_of_everybody);
  EXPECT_EQ(read_file(state / "addresses.txt"),
            "two-a@example.com\ntwo-b@example.com\ntwo-y@example.com\nargon@example.com\ncut@example.com\n"
            "empty@example.com\ngoogle@example.com\nadmin@localhost\nonly@example.com\ntwin@example.com\n"
            "unknown@example.com\n");
  EXPECT_EQ(mode_of(state / "people.csv"), 0600U);
  EXPECT_EQ(mode_of(state / "addresses.txt"), 0600U);
  ASSERT_TRUE(there.people.has_value());
  EXPECT_EQ(there.people->accounts, 11U);
  EXPECT_EQ(there.people->with_password, 6U);
  EXPECT_EQ(there.people->reset_needed, 4U);
  EXPECT_EQ(there.people->oauth_only, 1U);
  EXPECT_EQ(there.people->oauth, 2U);
  EXPECT_EQ(there.people->identity_taken, 1U);
  EXPECT_EQ(there.people->address_refused, 1U);
  EXPECT_EQ(there.people->listed, 8U);
  EXPECT_EQ(there.people->identities, 3U);
  EXPECT_EQ(there.people->linked, 2U);
  EXPECT_EQ(there.people->signed_out, 11U);
  {
    PocketBaseServer server(directory / "pb_data");
    RestClient client = server.client();
    for (const Person& person : everybody()) {
      const bool usable = person.hash.bytes.size() == 60 && person.hash.bytes.starts_with("$2");
      EXPECT_EQ(signs_in(client, person.address), usable) << person.id;
    }
    server.stop();
  }
  const fs::path returned = directory / "returned.db";
  const RunReport back = carry(directory / "pb_data", returned);
  expect_faithful(back);
  EXPECT_EQ(differences(original, returned), "");
  EXPECT_EQ(back.people->with_password, 7U) << "Open WebUI verifies argon2";
  for (const char* address : {"two-a@example.com", "two-b@example.com", "two-y@example.com", "argon@example.com"}) {
    EXPECT_TRUE(signs_in_to_openwebui(returned, address)) << address;
  }
  for (const char* address : {"cut@example.com", "empty@example.com", "unknown@example.com"}) {
    EXPECT_FALSE(signs_in_to_openwebui(returned, address)) << address;
  }
}

TEST(People, WithResetPasswordsNobodySignsInAndNoHashIsLost) {
  const TemporaryDirectory directory("people");
  const fs::path original = database(directory, everybody());
  RunOptions options;
  options.reset_passwords = true;
  const RunReport there = carry(original, directory / "pb_data", options);
  expect_faithful(there);
  EXPECT_EQ(there.people->with_password, 0U);
  EXPECT_EQ(there.people->reset_needed, 8U);
  EXPECT_EQ(there.people->oauth_only, 3U);
  {
    PocketBaseServer server(directory / "pb_data");
    RestClient client = server.client();
    for (const Person& person : everybody()) EXPECT_FALSE(signs_in(client, person.address)) << person.id;
    server.stop();
  }
  expect_faithful(carry(directory / "pb_data", directory / "returned.db"));
  EXPECT_EQ(differences(original, directory / "returned.db"), "");
  // The other way: the side table keeps the hashes, and the next move shows them.
  const fs::path reset = directory / "reset.db";
  expect_faithful(carry(directory / "pb_data", reset, options));
  EXPECT_EQ(SqliteFile(reset).integer("SELECT count(*) FROM auth WHERE password <> ''"), 0);
  expect_faithful(carry(reset, directory / "pb_again"));
  SqliteFile again(directory / "pb_again" / "data.db", SqliteFile::Mode::read);
  for (const Person& person : everybody()) {
    const std::string kept = again.text("SELECT password FROM users WHERE id = ?", {person.id});
    EXPECT_EQ(kept, person.hash.bytes.empty() ? "!" : person.hash.bytes) << person.id;
  }
}

TEST(People, WhoSetANewPasswordInPocketBaseKeepsThatOne) {
  const TemporaryDirectory directory("people");
  const fs::path original = database(directory, {{"p-1", "one@example.com", hash("$2b")}});
  RunOptions options;
  options.reset_passwords = true;
  carry(original, directory / "pb_data", options);
  {
    PocketBaseServer server(directory / "pb_data");
    RestClient client = server.superuser();
    const Response set = client.patch(RestClient::record("users", "p-1"),
                                      {{"password", "a new password"}, {"passwordConfirm", "a new password"}});
    EXPECT_EQ(set.status, 200) << set.text;
    server.stop();
  }
  expect_faithful(carry(directory / "pb_data", directory / "returned.db"));
  const std::string returned = SqliteFile(directory / "returned.db").text("SELECT password FROM auth");
  EXPECT_NE(returned, hash("$2b"));
  EXPECT_EQ(returned.size(), 60U);
}

TEST(People, ACopyBetweenTwoStoresOfAKindResetsNothing) {
  const TemporaryDirectory directory("people");
  const fs::path original = database(directory, {});
  RunOptions options;
  options.reset_passwords = true;
  try {
    carry(original, directory / "copy.db", options);
    FAIL() << "it started";
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()), "a copy between two stores of a kind leaves passwords as they are");
    EXPECT_EQ(error.hint(), "Leave --reset-passwords out.");
    EXPECT_EQ(error.status(), ExitStatus::cannot_start);
  }
  EXPECT_FALSE(fs::exists(directory / "copy.db"));
}

TEST(People, SessionsEndWithAMoveAndWithNothingElse) {
  const TemporaryDirectory directory("people");
  const fs::path original = database(directory, everybody());
  carry(original, directory / "pb_data");
  const auto keys = [&] {
    SqliteFile file(directory / "pb_data" / "data.db", SqliteFile::Mode::read);
    return file.rows("SELECT id, tokenKey FROM users ORDER BY id");
  };
  const std::vector<Row> first = keys();
  const RunReport again = carry(original, directory / "pb_data");
  EXPECT_EQ(again.people->signed_out, 0U) << "nothing changed";
  EXPECT_EQ(keys(), first);
  SqliteFile(original).execute("UPDATE \"user\" SET name = 'Another' WHERE id = 'p-2a'");
  const RunReport moved = carry(original, directory / "pb_data");
  expect_faithful(moved);
  EXPECT_EQ(moved.people->signed_out, 11U);
  const std::vector<Row> renewed = keys();
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_NE(renewed[i][1], first[i][1]);
    EXPECT_EQ(renewed[i][1].bytes.size(), 50U);
  }
  // Back into the database that it came from: the old stamps are worth nothing any more.
  const auto stamps = [&] { return SqliteFile(original).rows("SELECT session_stamp FROM auth"); };
  SqliteFile(directory / "pb_data" / "data.db").execute("UPDATE users SET name = 'Changed' WHERE id = 'p-2b'");
  const RunReport back = carry(directory / "pb_data", original);
  expect_faithful(back);
  EXPECT_EQ(back.people->signed_out, 11U);
  std::set<std::string> different;
  for (const Row& row : stamps()) {
    EXPECT_FALSE(row[0].bytes.starts_with("stamp-of-"));
    different.insert(row[0].bytes);
  }
  EXPECT_EQ(different.size(), 11U);
  const std::vector<Row> kept = stamps();
  EXPECT_EQ(carry(directory / "pb_data", original).people->signed_out, 0U);
  EXPECT_EQ(stamps(), kept);
}

/// What PocketBase's own interface says of identities: provider, identity and record, sorted.
std::vector<std::string> identities(RestClient& superuser) {
  std::vector<std::string> all;
  for (const json::object& row : superuser.all("_externalAuths")) {
    EXPECT_EQ(row.at("collectionRef").as_string(), "_pb_users_auth_");
    all.push_back(std::string(row.at("provider").as_string()) + " " + std::string(row.at("providerId").as_string()) +
                  " " + std::string(row.at("recordRef").as_string()));
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::string oauth(const fs::path& file, const std::string& id) {
  return SqliteFile(file, SqliteFile::Mode::read).text("SELECT oauth FROM \"user\" WHERE id = ?", {id});
}

TEST(People, AccountsElsewhereBecomePocketBasesOwnAndComeBack) {
  const TemporaryDirectory directory("people");
  const fs::path original = database(
      directory,
      {{"p-1", "one@example.com", hash("$2b"), R"({ "google" : {"sub": "g-1"}, "oidc": {"sub": "o-1", "x": 1.50} })"},
       {"p-2", "two@example.com", hash("$2b"), R"({"github":{"sub":"42"},"microsoft":{"sub":"token-sub"}})"},
       {"p-3", "three@example.com", hash("$2b"), R"({"a provider nobody knows": {"sub": "é \"1\""}})"},
       {"p-4", "four@example.com", hash("$2b"), R"({"google": {"sub": ""}, "oidc": "o-9", "github": {"id": "7"}})"},
       {"p-5", "five@example.com", hash("$2b"), "null"},
       {"p-6", "six@example.com", hash("$2b"), R"({"google": {"sub": "g-1"}})"}});
  const RunReport there = carry(original, directory / "pb_data");
  expect_faithful(there);
  EXPECT_EQ(there.people->linked, 4U);
  {
    PocketBaseServer server(directory / "pb_data");
    RestClient client = server.superuser();
    EXPECT_EQ(identities(client), (std::vector<std::string>{"a provider nobody knows é \"1\" p-3", "github 42 p-2",
                                                            "google g-1 p-1", "oidc o-1 p-1"}));
    // Records with such rows can still be saved.
    EXPECT_EQ(client.patch(RestClient::record("users", "p-3"), {{"name", "A person"}}).status, 200);
    server.stop();
  }
  expect_faithful(carry(directory / "pb_data", directory / "returned.db"));
  EXPECT_EQ(differences(original, directory / "returned.db"), "") << "to the byte";
  EXPECT_EQ(carry(original, directory / "pb_data").people->linked, 0U) << "they are there already";
}

TEST(People, WhatWasLinkedAndUnlinkedInPocketBaseComesAlong) {
  const TemporaryDirectory directory("people");
  const fs::path original = database(
      directory, {{"p-1", "one@example.com", hash("$2b"), R"({"google": {"sub": "g-1"}, "microsoft": {"sub": "m-1"}})"},
                  {"p-2", "two@example.com", hash("$2b")},
                  {"p-3", "three@example.com", hash("$2b"), R"({"google": {"sub": "g-1"}})"}});
  carry(original, directory / "pb_data");
  {
    PocketBaseServer server(directory / "pb_data");
    RestClient client = server.superuser();
    for (const json::object& row : client.all("_externalAuths")) {
      EXPECT_TRUE(client.remove(RestClient::record("_externalAuths", row.at("id").as_string())).ok());
    }
    for (const char* person : {"p-1", "p-2"}) {
      const std::string provider = person == std::string("p-1") ? "microsoft" : "github";
      const Response linked = client.post(RestClient::records("_externalAuths"), {{"collectionRef", "_pb_users_auth_"},
                                                                                  {"recordRef", person},
                                                                                  {"provider", provider},
                                                                                  {"providerId", "linked-there"}});
      EXPECT_EQ(linked.status, 200) << linked.text;
    }
    server.stop();
  }
  const RunReport back = carry(directory / "pb_data", directory / "returned.db");
  expect_faithful(back);
  EXPECT_EQ(oauth(directory / "returned.db", "p-1"), R"({"google": {"sub": "g-1"}, "microsoft": {"sub": "m-1"}})")
      << "two named the account, so that nothing follows from its missing row; and Microsoft's are PocketBase's own";
  EXPECT_EQ(oauth(directory / "returned.db", "p-2"), R"({"github":{"sub":"linked-there"}})");
  EXPECT_EQ(oauth(directory / "returned.db", "p-3"), R"({"google": {"sub": "g-1"}})");
  EXPECT_EQ(back.people->linked, 1U);
  EXPECT_EQ(back.people->unlinked, 0U);
  // The source counts on the way there: what it does not name goes, for the people that it has.
  SqliteFile(original).execute("UPDATE \"user\" SET oauth = NULL WHERE id = 'p-3'");
  const RunReport there = carry(original, directory / "pb_data");
  expect_faithful(there);
  EXPECT_EQ(there.people->linked, 1U);
  EXPECT_EQ(there.people->unlinked, 1U);
  {
    PocketBaseServer server(directory / "pb_data");
    RestClient client = server.superuser();
    EXPECT_EQ(identities(client), (std::vector<std::string>{"google g-1 p-1", "microsoft linked-there p-1"}));
    for (const json::object& row : client.all("_externalAuths")) {
      if (row.at("provider").as_string() != "google") continue;
      EXPECT_TRUE(client.remove(RestClient::record("_externalAuths", row.at("id").as_string())).ok());
    }
    server.stop();
  }
  const RunReport unlinked = carry(directory / "pb_data", directory / "unlinked.db");
  expect_faithful(unlinked);
  EXPECT_EQ(unlinked.people->unlinked, 1U);
  EXPECT_EQ(oauth(directory / "unlinked.db", "p-1"), R"({"microsoft":{"sub":"m-1"}})");
}

TEST(People, SignInThroughAProviderFindsTheAccountThatWasCarried) {
  const TemporaryDirectory directory("people");
  const fs::path original = database(directory, {{"p-1", "one@example.com", "", R"({"oidc": {"sub": "o-1"}})"},
                                                 {"p-2", "two@example.com", "", R"({"oidc": {"sub": "o-2"}})"}});
  carry(original, directory / "pb_data");
  HostileProxy provider(ProxyOptions{});
  const auto answers = [&](const std::string& path, const std::string& body) {
    Fault fault;
    fault.what = Fault::What::answer;
    fault.path = path;
    fault.times = 10;
    fault.text = http_answer(200, body, "Content-Type: application/json\r\n");
    provider.add(fault);
  };
  answers("/token", R"({"access_token": "a", "token_type": "Bearer"})");
  answers("/user", R"({"sub": "o-2", "email": "another@example.com"})");  // the address at the provider does not matter
  PocketBaseServer server(directory / "pb_data");
  RestClient client = server.superuser();
  const json::value settings{{"oauth2",
                              {{"enabled", true},
                               {"providers", json::array{json::value{{"name", "oidc"},
                                                                     {"clientId", "c"},
                                                                     {"clientSecret", "s"},
                                                                     {"authURL", provider.url() + "/auth"},
                                                                     {"tokenURL", provider.url() + "/token"},
                                                                     {"userInfoURL", provider.url() + "/user"}}}}}}};
  const Response set = client.patch("/api/collections/users", settings);
  ASSERT_EQ(set.status, 200) << set.text;
  const json::value form{
      {"provider", "oidc"}, {"code", "x"}, {"codeVerifier", "y"}, {"redirectURL", "http://127.0.0.1/redirect"}};
  RestClient somebody = server.client();
  const Response in = somebody.post("/api/collections/users/auth-with-oauth2", form);
  ASSERT_EQ(in.status, 200) << in.text;
  EXPECT_EQ(in.body.at("record").at("id").as_string(), "p-2");
}

}  // namespace
}  // namespace twoway::test
