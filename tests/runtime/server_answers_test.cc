// A server that answers oddly: what is said of it, and what is taken for nothing.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <ctime>
#include <fstream>

#include "runtime/store/pocketbase_server/collections.h"
#include "runtime/store/pocketbase_server/credentials.h"
#include "runtime/store/pocketbase_server/server_way.h"
#include "tests/runtime/odd_server.h"
#include "tests/runtime/report_sample.h"
#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"

namespace twoway {
namespace {

using namespace std::chrono_literals;
using test::Fault;
using test::http_answer;

constexpr std::string_view not_pocketbase = "with something that is not PocketBase's (status 200)";

class OddServer : public test::OddServer {
 protected:
  std::string asked() {
    return what([](ServerApi& api) {
      api.ask(http::Method::get, "/api/thing", {}, "a thing");
      return "answered";
    });
  }
  std::string collections() {
    return what([](ServerApi& api) { return fmt::format("{} collections", server_collections(api).size()); });
  }
  std::string backups() {
    return what([](ServerApi& api) { return fmt::format("{}", fmt::join(backups_named(api, "twoway"), ",")); });
  }
  std::string backup() {
    return what([](ServerApi& api) { return fmt::format("{} bytes", make_backup(api, "twoway.zip")); });
  }
};

TEST_F(OddServer, SignInsWithoutAToken) {
  for (const char* body : {"{}", R"({"token":7})", "7", "\"abc\""}) {
    says("auth-with-password", body, 1);
    EXPECT_EQ(asked(), fmt::format("URL answers a request for a sign-in as superuser {}", not_pocketbase)) << body;
  }
  answer("auth-with-password", "HTTP/1.1 400 Bad\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nno", 1);
  EXPECT_EQ(asked(),
            "URL answers a request for a sign-in as superuser with something that is not PocketBase's (status "
            "400)");
  session_.credentials.email.clear();
  EXPECT_EQ(asked(), "there are no credentials for URL");
}

/// A JSON web token with this payload.
std::string token_of(const std::string& payload) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  std::uint32_t bits = 0, count = 0;
  for (const char c : payload) {
    bits = (bits << 8U) | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) out += digits[(bits >> (count - 6)) & 63U];
  }
  if (count > 0) out += digits[(bits << (6 - count)) & 63U];
  return "head." + out + ".signature";
}

TEST_F(OddServer, TokensThatExpireSoonAreRenewed) {
  const auto expiring = [](std::int64_t seconds) {
    return token_of(fmt::format(R"({{"who":"\u00ff??>>~~~","exp":{}}})", std::time(nullptr) + seconds));
  };
  says("thing", "{}");
  says("auth-refresh", R"({"token":")" + expiring(3600) + "\"}", 1);
  session_.token = expiring(-1);
  session_.refresh_at = 1;
  EXPECT_EQ(asked(), "answered");
  EXPECT_GT(session_.refresh_at, std::time(nullptr) + 3000);
  // Of a kind that cannot be renewed: good for as long as it is.
  session_.credentials = {};
  session_.credentials.token = expiring(3600);
  session_.refresh_at = 1;
  answer("auth-refresh", http_answer(400, "{}"), 1);
  EXPECT_EQ(asked(), "answered");
  EXPECT_EQ(session_.refresh_at, 0);
  session_.credentials.email = "ada@example.com";
  session_.credentials.password = "a secret";
  answer("auth-refresh", http_answer(400, "{}"), 1);
  signs_in(expiring(60));
  session_.refresh_at = 1;
  EXPECT_EQ(asked(), "answered");
  EXPECT_GT(session_.refresh_at, std::time(nullptr) + 20);
  EXPECT_LT(session_.refresh_at, std::time(nullptr) + 60);
}

TEST_F(OddServer, TokensThatDoNotSayWhenTheyExpire) {
  says("thing", "{}");
  for (const std::string& token : {std::string("abc"), std::string("a.b"), std::string("a.!.c"), token_of("7"),
                                   token_of("{}"), token_of(R"({"exp":"soon"})"), token_of("{\"exp\"")}) {
    session_.token.clear();
    session_.credentials.token = token;
    session_.refresh_at = 0;
    EXPECT_EQ(asked(), "answered") << token;
    EXPECT_EQ(session_.refresh_at, 0) << token;
  }
}

TEST_F(OddServer, StatusesAreToldApart) {
  signs_in();
  const auto said = [&](int status, const std::string& body) {
    answer("thing", http_answer(status, body), 1);
    return asked();
  };
  EXPECT_EQ(said(404, R"({"message":"Not found."})"), "URL has no a thing: Not found");
  EXPECT_EQ(said(418, R"({"reason":"a\u001b[2J\u007f. "})"), "URL fails at a thing (status 418): a [2J");
  EXPECT_EQ(said(418, R"({"message":7})"), "URL fails at a thing (status 418)");
  EXPECT_EQ(said(418, "[]"), "URL fails at a thing (status 418)");
  EXPECT_EQ(said(403, "{}"), "URL does not give twoway access");
  EXPECT_EQ(said(204, ""), "answered");
  EXPECT_EQ(said(304, ""), "URL sends requests on to ");
  EXPECT_EQ(said(200, "[1]"), "answered");
  EXPECT_EQ(said(200, "7"), fmt::format("URL answers a request for a thing {}", not_pocketbase));
  answer("thing", http_answer(307, "", "Location: http://evil/\r\n"), 1);
  EXPECT_EQ(asked(), "URL sends requests on to http://evil/");
  answer("thing", http_answer(429, "{}", "Retry-After: soon\r\n"));
  EXPECT_EQ(asked(), "URL asks twoway to come back later: too many requests");
}

TEST_F(OddServer, TokensThatAreRefusedOnceAreAskedForAnew) {
  signs_in();
  answer("thing", http_answer(401, "{}"), 1);
  says("thing", "{}");
  session_.token = "old";
  EXPECT_EQ(asked(), "answered");
  EXPECT_EQ(session_.token, "abc");
  const auto other = session_.with_patience(50ms);
  EXPECT_EQ(other->token, "abc");
  EXPECT_EQ(other->patience.limits.idle, 50ms);
}

TEST_F(OddServer, ListsOfCollections) {
  signs_in();
  says("/api/collections", "{}", 1);
  EXPECT_NE(collections().find("its list of collections"), std::string::npos);
  says("/api/collections", R"({"items":7})", 1);
  EXPECT_NE(collections().find("its list of collections"), std::string::npos);
  says("/api/collections", R"({"items":[7, {"name":"a"}]})", 1);
  EXPECT_EQ(collections(), "1 collections");
  std::string many = "{\"items\":[{}";
  for (int i = 1; i < 200; ++i) many += ",{}";
  says("/api/collections", many + "]}", 1);
  says("/api/collections", R"({"items":[{"name":"a"}]})", 1);
  EXPECT_EQ(collections(), "201 collections");
  for (const char* page : {R"({"totalItems":"7"})", "{}"}) {
    says("/records", page, 1);
    EXPECT_EQ(what([](ServerApi& api) { return std::to_string(count_records(api, "a/b")); }), "0") << page;
  }
  answer("/records", http_answer(404, "{}"), 1);
  EXPECT_EQ(what([](ServerApi& api) { return std::to_string(count_records(api, "ab")); }),
            "URL has no the collection ab");
}

TEST_F(OddServer, CollectionsThatLackFields) {
  signs_in();
  says("/api/collections", R"({"items":[{"name":"users"}, {"name":"chats", "fields":7},
                                        {"name":"_twoway", "fields":[7, {"name":7}, {"id":"x"}]}]})");
  const std::string said = what([](ServerApi& api) {
    check_server_collections(api, sample::mapping());
    return "whole";
  });
  EXPECT_NE(said.find("field users.residue"), std::string::npos) << said;
}

TEST_F(OddServer, FieldsOfTheSameNameAndAnotherIdGoFirst) {
  Mapping mapping = sample::mapping();
  const std::array<Mapping::MigrationFile, 2> files{
      {{"0.js", "nothing of ours"}, {"1.js", R"(const recordId = "^[a-z]" +
  "+\\.$";
app.importCollections([
  {"name": "chats", "fields": [{"name": "id", "id": "f1", "pattern": recordId}, {"name": "title", "id": "f2"}]}
  ], false))"}}};
  mapping.pocketbase_migrations = files;
  const boost::json::array wanted = mapped_collections(mapping);
  ASSERT_EQ(wanted.size(), 1u);
  EXPECT_EQ(wanted[0].at("fields").at(0).at("pattern"), "^[a-z]+\\.$");
  signs_in();
  says("/api/collections?", R"({"items":[{"name":"chats", "id":"c/1", "fields":[{"name":"id", "id":"f1"},
                                                                              {"name":"title", "id":"f9"}]}]})");
  answer("/api/collections/import", http_answer(204, ""));
  says("/api/collections/c%2F1", "{}");
  EXPECT_EQ(what([&](ServerApi& api) {
              make_collections(api, mapping);
              return "made";
            }),
            "made");
}

TEST_F(OddServer, ListsOfBackups) {
  signs_in();
  for (const char* list : {"{}", R"({"items":7})", R"([7, {}, {"key":7}, {"key":"twoway"},
                                                       {"key":"twoway","size":"1"}, {"key":"other","size":1}])"}) {
    says("/api/backups", list, 1);
    EXPECT_EQ(backups(), "") << list;
  }
  says("/api/backups", R"([{"key":"twoway-1.zip","size":1}])", 1);
  EXPECT_EQ(backups(), "twoway-1.zip");
}

TEST_F(OddServer, BackupsAreWaitedFor) {
  signs_in();
  for (const char* idle :
       {"{}", R"({"data":7})", R"({"data":{}})", R"({"data":{"canBackup":7}})", R"({"data":{"canBackup":true}})"}) {
    says("/api/health", idle, 1);
    says("GET /api/backups", R"([{"key":"twoway.zip","size":7}])", 1);
    EXPECT_EQ(backup(), "7 bytes") << idle;
  }
  says("/api/health", R"({"data":{"canBackup":false}})", 1);
  says("/api/health", "{}");
  says("GET /api/backups", "[]", 1);
  answer("POST /api/backups", http_answer(204, ""), 1);
  says("GET /api/backups", R"([{"key":"twoway.zip","size":8}])", 1);
  EXPECT_EQ(backup(), "8 bytes");
}

TEST_F(OddServer, BackupsThatAreNotMade) {
  signs_in();
  says("/api/health", "{}");
  says("GET /api/backups", "[]");
  answer("POST /api/backups", http_answer(204, ""), 1);
  EXPECT_EQ(backup(), "URL made no backup");
  answer("POST /api/backups", http_answer(400, R"({"message":"try again: another backup"})"), 1);
  answer("POST /api/backups", http_answer(418, R"({"message":"no"})"), 1);
  EXPECT_EQ(backup(), "URL fails at a backup (status 418): no");
  answer("POST /api/backups", http_answer(400, R"({"message":"no"})"), 1);
  EXPECT_EQ(backup(), "URL fails at a backup (status 400): no");
  Fault cut;
  cut.what = Fault::What::reset;
  cut.path = "POST /api/backups";
  proxy_.add(cut);
  EXPECT_NE(backup().find("URL"), std::string::npos);
}

TEST_F(OddServer, ArchivesThatCannotBeRead) {
  signs_in();
  const test::TemporaryDirectory directory("archive");
  const auto extract = [&](std::uint64_t size) {
    return what([&](ServerApi& api) {
      download_database(api, "twoway.zip", size, directory / "data.db");
      return "read";
    });
  };
  says("/api/files/token", R"({"token":7})");
  answer("/api/backups/twoway.zip?token=", http_answer(404, "{}"), 1);
  EXPECT_EQ(extract(100), "URL has no its backup");
  says("/api/backups/twoway.zip", "whole", 1);
  EXPECT_EQ(extract(100), "URL does not give parts of a backup");
  answer("/api/backups/twoway.zip", http_answer(206, "short"), 1);
  EXPECT_EQ(extract(100), "URL does not give parts of a backup");
  answer("/api/backups/twoway.zip", http_answer(206, std::string(100, 'x')));
  EXPECT_EQ(extract(100).substr(0, 47), "the backup twoway.zip of URL cannot be read: Un") << extract(100);
}

TEST_F(OddServer, DownloadsThatDoNotFit) {
  signs_in();
  const test::TemporaryDirectory directory("download");
  const auto get = [&](std::uint64_t size) {
    return what([&](ServerApi& api) {
      download(api, "/copy", size, directory / "data.db");
      return "read";
    });
  };
  says("/copy", "12345", 1);
  EXPECT_EQ(get(5), "read");
  for (const char* range :
       {"", "Content-Range: odd\r\n", "Content-Range: bytes 0-4/9\r\n", "Content-Range: bytes 1-5/5\r\n"}) {
    answer("/copy", http_answer(206, "12345", range), 1);
    EXPECT_NE(get(5), "read") << range;
  }
  says("/copy", "123456", 1);
  EXPECT_NE(get(5), "read");
  answer("/copy", http_answer(404, "{}"), 1);
  EXPECT_EQ(get(5), "URL has no the copy of its database");
  EXPECT_NE(what([&](ServerApi& api) {
              says("/copy", "12345", 1);
              download(api, "/copy", 5, directory / "none" / "data.db");
              return "read";
            }),
            "read");
}

TEST_F(OddServer, TextsForIt) {
  EXPECT_EQ(percent_encoded("aZ09-_.~ /\xc3\xa4:@[`{"), "aZ09-_.~%20%2F%C3%A4%3A%40%5B%60%7B");
  EXPECT_EQ(random_name(12).size(), 12u);
}

std::string address_of(std::string_view text) {
  try {
    return http::parse_address(text).text();
  } catch (const Error& error) {
    return std::string("refused");
  }
}

TEST(ServerAddresses, AreTakenApart) {
  EXPECT_EQ(address_of("http://localhost:8090/"), "http://localhost:8090");
  EXPECT_EQ(address_of("https://pb.example.com/below///"), "https://pb.example.com/below");
  EXPECT_EQ(address_of("http://[::1]:8090"), "http://[::1]:8090");
  EXPECT_EQ(address_of("http://[::1]"), "http://[::1]");
  for (const char* text :
       {"ftp://a", "http://", "http:///a", "http://a:", "http://a:0", "http://a:65536", "http://a:123456",
        "http://a:8x", "http://a:/", "http://a b", "http://a\\b", "http://\xc3\xa4", "http://[::1", "http://[::1]8090",
        "http://[::1]:x", "http://u:p@a", "http://a/?x", "a"}) {
    EXPECT_EQ(address_of(text), "refused") << text;
  }
}

std::string credentials_in(const std::string& text, unsigned mode = 0600, std::string* warned = nullptr) {
  const test::TemporaryDirectory directory("credentials");
  const std::filesystem::path file = directory / "c";
  std::ofstream(file, std::ios::binary) << text;
  ::chmod(file.c_str(), mode);
  try {
    const Credentials found = credentials_from_file(file, [&](std::string_view, std::string_view said) {
      if (warned != nullptr) *warned = said;
    });
    return found.email + " " + found.password + " " + found.token;
  } catch (const Error& error) {
    return "refused";
  }
}

TEST(ServerCredentials, FromFilesOfSeveralForms) {
  EXPECT_EQ(credentials_in("ada@example.com\r\npass=word\r\n"), "ada@example.com pass=word ");
  EXPECT_EQ(credentials_in("# of the server\n\nexport POCKETBASE_SUPERUSER_EMAIL='a@b'\n"
                           "POCKETBASE_SUPERUSER_PASSWORD=\"p\"\nOTHER=x\n"),
            "a@b p ");
  EXPECT_EQ(credentials_in("POCKETBASE_SUPERUSER_TOKEN=\"t'"), "  \"t'");
  EXPECT_EQ(credentials_in("POCKETBASE_SUPERUSER_TOKEN=\""), "  \"");
  EXPECT_EQ(credentials_in("POCKETBASE_SUPERUSER_TOKEN=xx"), "  xx");
  for (const char* none : {"", "one line", "no address\nsecret", "a@b\nc\nd", "POCKETBASE_SUPERUSER_EMAIL=a@b",
                           "POCKETBASE_SUPERUSER_PASSWORD=p"}) {
    EXPECT_EQ(credentials_in(none), "refused") << none;
  }
  std::string warned;
  credentials_in("POCKETBASE_SUPERUSER_TOKEN=t", 0644, &warned);
  EXPECT_NE(warned.find("others may read the credentials file"), std::string::npos);
  EXPECT_THROW(credentials_from_file("/none", {}), Error);
}

}  // namespace
}  // namespace twoway
