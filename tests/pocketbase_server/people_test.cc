// People of a running server: accounts elsewhere and token keys, by the hook and by the SQL console.
#include <gtest/gtest.h>

#include <algorithm>

#include "runtime/migrate/ids.h"
#include "tests/pocketbase_server/world.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/sqlite_file.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

class PeopleOfAServer : public testing::TestWithParam<bool> {
 protected:
  PeopleOfAServer() : target_(GetParam()), source_(fresh(directory_.path())) {
    setenv("POCKETBASE_SUPERUSER_EMAIL", PocketBaseServer::superuser_email, 1);
    setenv("POCKETBASE_SUPERUSER_PASSWORD", PocketBaseServer::superuser_password, 1);
    SqliteFile sql(source_);
    for (const std::string id : {"p-1", "p-2"}) {
      sql.insert("user", {{"id", id},
                          {"name", "A person"},
                          {"email", id + "@example.com"},
                          {"role", "user"},
                          {"profile_image_url", "/user.png"},
                          {"last_active_at", 1},
                          {"updated_at", 1},
                          {"created_at", 1},
                          {"oauth", R"({"google": {"sub": "g-)" + id + R"("}, "oidc": {"sub": "the same"}})"}});
      sql.insert("auth", {{"id", id}, {"email", id + "@example.com"}, {"password", ""}, {"active", 1}});
    }
  }

  RunReport move(const std::string& from, const std::string& to) {
    RunOptions options;
    options.from = from;
    options.to = to;
    options.backup = false;
    options.state_directory = (directory_ / "state").string();
    const RunReport report = migrate(openwebui(), options);
    EXPECT_EQ(report.status, ExitStatus::done);
    for (const Difference& d : report.differences) ADD_FAILURE() << d.key << " " << d.column << " " << d.found;
    return report;
  }

  std::vector<std::string> identities() {
    RestClient client = target_.server().superuser();
    std::vector<std::string> all;
    for (const json::object& row : client.all("_externalAuths")) {
      all.push_back(std::string(row.at("providerId").as_string()) + " " + std::string(row.at("recordRef").as_string()));
    }
    std::sort(all.begin(), all.end());
    return all;
  }

  TemporaryDirectory directory_{"people"};
  Target target_;
  fs::path source_;
};

TEST_P(PeopleOfAServer, AreLinkedAndSignedOut) {
  const RunReport there = move(source_.string(), target_.url());
  EXPECT_EQ(there.people->linked, 3U);
  EXPECT_EQ(there.people->signed_out, 2U);
  EXPECT_EQ(identities(), (std::vector<std::string>{"g-p-1 p-1", "g-p-2 p-2", "the same p-1"}));
  EXPECT_EQ(move(source_.string(), target_.url()).people->signed_out, 0U) << "nothing changed";

  RestClient client = target_.server().superuser();
  const json::object made = client.all("_externalAuths").front();
  EXPECT_EQ(made.at("created").as_string().size(), std::string_view("2026-11-21 12:00:00.000Z").size());
  for (const json::object& row : client.all("_externalAuths")) {
    if (row.at("providerId").as_string() != "g-p-1") continue;
    EXPECT_TRUE(client.remove(RestClient::record("_externalAuths", row.at("id").as_string())).ok());
  }
  const Response linked = client.post(RestClient::records("_externalAuths"), {{"collectionRef", "_pb_users_auth_"},
                                                                              {"recordRef", "p-1"},
                                                                              {"provider", "github"},
                                                                              {"providerId", "linked-there"}});
  EXPECT_EQ(linked.status, 200) << linked.text;
  const RunReport back = move(target_.url(), (directory_ / "returned.db").string());
  EXPECT_EQ(back.people->linked, 1U);
  EXPECT_EQ(back.people->unlinked, 1U);
  SqliteFile returned(directory_ / "returned.db", SqliteFile::Mode::read);
  EXPECT_EQ(returned.text("SELECT oauth FROM user WHERE id = 'p-1'"),
            R"({"oidc":{"sub":"the same"},"github":{"sub":"linked-there"}})");
  EXPECT_EQ(returned.text("SELECT oauth FROM user WHERE id = 'p-2'"),
            R"({"google": {"sub": "g-p-2"}, "oidc": {"sub": "the same"}})");

  const auto key = [&] {
    const Response answer = client.post("/api/sql", {{"query", "SELECT tokenKey FROM users WHERE id = 'p-2'"}});
    return std::string(answer.body.at("rows").as_array()[0].as_array()[0].as_string());
  };
  const std::string before = key();
  SqliteFile(source_).execute("UPDATE user SET name = 'Another' WHERE id = 'p-1'");
  const RunReport moved = move(source_.string(), target_.url());
  EXPECT_EQ(moved.people->signed_out, 2U);
  EXPECT_EQ(moved.people->linked, 1U);
  EXPECT_EQ(moved.people->unlinked, 1U);
  EXPECT_NE(key(), before);
  EXPECT_EQ(identities(), (std::vector<std::string>{"g-p-1 p-1", "g-p-2 p-2", "the same p-1"}));
}

TEST_P(PeopleOfAServer, HaveIdsThatCanBeListed) {
  move(source_.string(), target_.url());
  std::string csv;
  OpenOptions options;
  const std::uint64_t pairs = write_ids(openwebui(), *openwebui().entities[0], parse_store(target_.url()), options,
                                        IdsForm::csv, [&](std::string_view text) { csv += text; });
  EXPECT_EQ(pairs, 2U);
  EXPECT_EQ(csv, "id,record_id\np-1,p-1\np-2,p-2\n");
}

INSTANTIATE_TEST_SUITE_P(Ways, PeopleOfAServer, testing::Bool(),
                         [](const auto& way) { return std::string(way.param ? "hook" : "console"); });

}  // namespace
}  // namespace twoway::test
