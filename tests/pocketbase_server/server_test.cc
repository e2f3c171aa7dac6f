// Servers as operators have them: without collections, behind TLS, with rows that contradict what is there.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <fstream>
#include <thread>

#include "runtime/store/pocketbase_directory/directory_store.h"
#include "tests/pocketbase_server/world.h"
#include "tests/support/hostile_proxy.h"
#include "tests/support/places.h"
#include "tests/support/sqlite_file.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

const Entity& entity(std::string_view name) {
  for (const Entity* found : openwebui().entities) {
    if (found->name == name) return *found;
  }
  throw std::runtime_error("no such entity");
}

/// Runs a statement in the server's SQL console; returns the first cell as text.
std::string sql(RestClient& client, const std::string& statement) {
  const Response answer = client.post("/api/sql", {{"query", statement}});
  EXPECT_EQ(answer.status, 200) << answer.text;
  const json::array& rows = answer.body.as_object().at("rows").as_array();
  return rows.empty() ? std::string() : std::string(rows[0].as_array()[0].as_string());
}

/// What PocketBase holds of the mapping's collections, but for times and secrets.
std::string collections(const fs::path& database) {
  SqliteFile file(database, SqliteFile::Mode::read);
  std::string out;
  for (const Row& row : file.rows(
           "SELECT name, id, type, json(indexes), listRule, viewRule, createRule, updateRule, deleteRule FROM "
           "_collections WHERE NOT system ORDER BY name")) {
    for (const Cell& cell : row) out += cell.describe() + " ";
    out += "\n";
  }
  for (const Row& row : file.rows("SELECT c.name, f.value FROM _collections c, json_each(c.fields) f WHERE NOT system "
                                  "ORDER BY c.name, f.value ->> 'name'")) {
    out += row[0].bytes + " " + row[1].bytes + "\n";
  }
  for (const Row& row : file.rows("SELECT name, o.key, CASE o.type WHEN 'object' THEN json_remove(o.value, "
                                  "'$.secret') ELSE json_quote(o.value) END FROM _collections, json_each(options) o "
                                  "WHERE NOT system ORDER BY 1, 2")) {
    out += row[0].bytes + " " + row[1].bytes + " " + row[2].bytes + "\n";
  }
  return out;
}

TEST(Prepare, MakesTheCollectionsThatAMigrationMakes) {
  const TemporaryDirectory directory("prepare");
  PocketBaseOptions options;
  options.hooks = directory / "pb_hooks";
  fs::create_directories(options.hooks);
  PocketBaseServer server(directory / "pb_data", options);
  EXPECT_TRUE(is_empty_server(openwebui(), server.url(), options_for_tests()));
  const fs::path files = directory / "files";
  EXPECT_EQ(prepare_server(openwebui(), server.url(), options_for_tests(), files),
            fmt::format("made the collections of openwebui-pocketbase in {}. The hook is not installed: put "
                        "{}/pb_hooks/twoway.pb.js into the directory pb_hooks beside the server's pb_data (PocketBase "
                        "restarts by itself), then run this again to check it. Without it, records go over several "
                        "times slower.", server.url(), files.string()));
  EXPECT_FALSE(is_empty_server(openwebui(), server.url(), options_for_tests()));
  EXPECT_EQ(std::distance(fs::directory_iterator(files / "pb_migrations"), fs::directory_iterator()), 1);

  fs::copy(files / "pb_hooks/twoway.pb.js", options.hooks / "twoway.pb.js");
  const std::string done = fmt::format("{} has the collections of openwebui-pocketbase already. The hook is in place.",
                                       server.url());
  std::string said;
  for (int attempt = 0; attempt < 100 && said != done; ++attempt) {  // until PocketBase has noticed
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    try {
      said = prepare_server(openwebui(), server.url(), options_for_tests(), files);
    } catch (const Error& error) {
      said = error.what();
    }
  }
  EXPECT_EQ(said, done);
  {
    ServerStore store(openwebui(), server.url(), Use::target, options_for_tests());
    EXPECT_TRUE(copy_records(records(false), store).rejected.empty());
  }
  server.stop();
  EXPECT_EQ(record_differences(records(false) / "data.db", directory / "pb_data/data.db"), "");
  EXPECT_EQ(collections(directory / "pb_data/data.db"), collections(records(false) / "data.db"));
}

TEST(BackUp, IsMadeByTheServerAndListed) {
  Target target;
  EXPECT_EQ(back_up_server(target.url(), options_for_tests(), "20261125T001122Z"), "twoway_20261125t001122z.zip");
  const Response list = target.server().superuser().get("/api/backups");
  EXPECT_NE(list.text.find("twoway_20261125t001122z.zip"), std::string::npos) << list.text;
}

class Rejections : public testing::TestWithParam<bool> {};

TEST_P(Rejections, OnlyTheRowsThatContradictAreRefusedAndNamed) {
  Target target(GetParam());
  RestClient client = target.server().superuser();
  SqliteFile file(records(false) / "data.db", SqliteFile::Mode::read);
  const Row shared = file.rows("SELECT id, share_id FROM chats WHERE share_id != '' LIMIT 1").at(0);
  ASSERT_EQ(sql(client, fmt::format("INSERT INTO chats (id, share_id) VALUES ('another', '{}')", shared[1].bytes)), "");
  const auto expect = [&](const Copied& copied) {
    ASSERT_EQ(copied.rejected.size(), 1U);
    EXPECT_EQ(copied.rejected[0].key, shared[0].bytes);
    EXPECT_EQ(copied.rejected[0].column, "chats.share_id");
    EXPECT_EQ(copied.rejected[0].reason, "UNIQUE constraint failed: chats.share_id");
  };
  {
    ServerStore store(openwebui(), target.url(), Use::target, options_for_tests());
    const Copied first = copy_records(records(false), store);
    expect(first);
    EXPECT_EQ(first.inserted, first.all());
    const Copied second = copy_records(records(false), store);
    expect(second);
    EXPECT_EQ(second.unchanged, first.inserted);
    // What the server had too much goes, and then the row fits.
    EXPECT_EQ(store.count(entity("chat")), static_cast<std::uint64_t>(file.integer("SELECT count(*) FROM chats")));
    EXPECT_TRUE(store.exists(entity("chat"), "another"));
    EXPECT_TRUE(store.erase(entity("chat"), "another"));
    EXPECT_FALSE(store.erase(entity("chat"), "another"));
    EXPECT_FALSE(store.exists(entity("chat"), "another"));
    const Copied third = copy_records(records(false), store);
    EXPECT_TRUE(third.rejected.empty());
    EXPECT_EQ(third.inserted, 1U);
  }
  // A collection that was made for the run is gone.
  EXPECT_EQ(client.get("/api/collections/twoway_import").status, 404);
  EXPECT_EQ(record_differences(records(false) / "data.db", target.stopped_database()), "");
}

TEST_P(Rejections, EditsAreFoundAndTokenKeysStay) {
  Target target(GetParam());
  {
    ServerStore store(openwebui(), target.url(), Use::target, options_for_tests());
    copy_records(records(false), store);
  }
  RestClient client = target.server().superuser();
  const auto users = client.all("users", "id,name");
  const std::string record = RestClient::record("users", users.at(0).at("id").as_string());
  EXPECT_EQ(client.patch(record, {{"name", "Edited"}}).status, 200);
  const std::string key = sql(client, "SELECT upper(tokenKey) FROM users WHERE name = 'Edited'");
  sql(client, "UPDATE users SET tokenKey = upper(tokenKey) WHERE name = 'Edited'");
  ServerStore store(openwebui(), target.url(), Use::target, options_for_tests());
  AtticEntry entry{AtticEntry::What::row, "some table", "1", {{"a", "t:x"}}};
  EXPECT_EQ(store.write_attic(entry).what, Written::pending);
  EXPECT_EQ(store.settle_attic(true).inserted, 1U);
  std::unordered_set<std::string> kept;
  DirectoryStore source(openwebui(), records(false), Use::source);
  source.read_attic([&](const AtticEntry& other) { kept.insert(store.attic_id(other)); });
  EXPECT_EQ(store.other_attic_entries(kept, false), 1U);
  EXPECT_EQ(store.other_attic_entries(kept, true), 1U);
  EXPECT_EQ(store.other_attic_entries(kept, false), 0U);
  const Copied again = copy_records(records(false), store);
  EXPECT_EQ(again.updated, 1U);
  EXPECT_EQ(again.inserted, 0U);
  const Response after = client.get(record);
  EXPECT_EQ(after.body.as_object().at("name").as_string(), users.at(0).at("name").as_string());
  EXPECT_EQ(sql(client, "SELECT count(*) FROM users WHERE tokenKey = '" + key + "'"), "1");
}

INSTANTIATE_TEST_SUITE_P(HookAndConsole, Rejections, testing::Values(true, false),
                         [](const auto& test) { return test.param ? "Hook" : "Console"; });

TEST(Token, IsRenewedBeforeItExpires) {
  Target target;
  RestClient client = target.server().superuser();
  ASSERT_EQ(client.patch("/api/collections/_superusers", {{"authToken", {{"duration", 10}}}}).status, 200);
  ProxyOptions proxy_options;
  proxy_options.server_port = target.server().port();
  HostileProxy proxy(proxy_options);
  const fs::path& source = records(false);  // making them takes longer than the token lives
  ServerStore store(openwebui(), proxy.url(), Use::target, options_for_tests());
  std::this_thread::sleep_for(std::chrono::seconds(6));
  EXPECT_TRUE(copy_records(source, store).rejected.empty());
  EXPECT_GE(proxy.requests("auth-refresh"), 1);
  EXPECT_EQ(proxy.requests("auth-with-password"), 1);
}

TEST(Token, GivenInsteadOfAPassword) {
  Target target;
  RestClient client = target.server().client();
  const Response answer = client.post("/api/collections/_superusers/auth-with-password",
                                      {{"identity", PocketBaseServer::superuser_email},
                                       {"password", PocketBaseServer::superuser_password}});
  ServerOptions options = options_for_tests();
  options.credentials = {};
  options.credentials.token = answer.body.as_object().at("token").as_string();
  ServerStore store(openwebui(), target.url(), Use::target, options);
  EXPECT_EQ(store.count(entity("chat")), 0U);
}

/// A certificate authority and a certificate of it for 127.0.0.1 (or another name), made by openssl.
void make_certificates(const fs::path& directory, const std::string& name) {
  const auto path = [&](const char* file) { return (directory / file).string(); };
  std::ofstream(directory / "extensions") << "subjectAltName=" << name << "\n";
  run_checked({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
               "2", "-subj", "/CN=test authority", "-keyout", path("ca.key"), "-out", path("ca.pem")});
  run_checked({"openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=test",
               "-keyout", path("server.key"), "-out", path("server.csr")});
  run_checked({"openssl", "x509", "-req", "-in", path("server.csr"), "-CA", path("ca.pem"), "-CAkey", path("ca.key"),
               "-CAcreateserial", "-days", "2", "-extfile", path("extensions"), "-out", path("server.pem")});
}

TEST(Tls, CertificatesAreChecked) {
  const TemporaryDirectory directory("tls");
  Target target;
  make_certificates(directory.path(), "IP:127.0.0.1");
  ProxyOptions proxy_options;
  proxy_options.server_port = target.server().port();
  proxy_options.certificate = directory / "server.pem";
  proxy_options.key = directory / "server.key";
  HostileProxy proxy(proxy_options);
  ServerOptions options = options_for_tests();
  const auto open = [&](const std::string& url) {
    return error_of([&] { ServerStore(openwebui(), url, Use::target, options); });
  };
  const std::string hint =
      " | Check the address. If the certificate is your own authority's, name its file as the CA file.";
  EXPECT_EQ(open(proxy.url()),
            proxy.url() + " has a certificate that is not trusted: unable to get local issuer certificate" + hint);
  options.ca_file = (directory / "ca.pem").string();
  EXPECT_EQ(open(proxy.url()), "");
  const std::string by_name = fmt::format("https://localhost:{}", proxy.port());
  EXPECT_EQ(open(by_name), by_name + " has a certificate for another name than localhost" + hint);
  const std::string not_secure = fmt::format("http://127.0.0.1:{}", proxy.port());
  EXPECT_EQ(open(not_secure), not_secure + " closed the connection without an answer | Check the network and "
                                           "PocketBase's log, then run the same command again: it goes on.");
  const std::string plain = fmt::format("https://127.0.0.1:{}", target.server().port());
  EXPECT_EQ(open(plain), plain + " does not speak TLS: wrong version number (SSL routines) | Check the address: http "
                                 "or https, host and port.");
  options.ca_file = (directory / "extensions").string();
  EXPECT_EQ(open(proxy.url()), fmt::format("cannot read certificates from {} | Name a file with one or more "
                                           "certificates in PEM form.", options.ca_file));
  options.ca_file = (directory / "ca.pem").string();
  {
    ServerStore store(openwebui(), proxy.url(), Use::target, options);
    EXPECT_TRUE(copy_records(records(false), store).rejected.empty());
    ServerStore source(openwebui(), proxy.url(), Use::source, options);
    EXPECT_GT(source.count(entity("chat")), 0U);
  }
  EXPECT_EQ(record_differences(records(false) / "data.db", target.stopped_database()), "");
}

}  // namespace
}  // namespace twoway::test
