// What stops a run at a server is said in one clear sentence, soon, and without secrets.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <fstream>
#include <thread>

#include "tests/pocketbase_server/world.h"
#include "tests/support/hostile_proxy.h"

namespace twoway::test {
namespace {

using What = Fault::What;
using std::chrono::milliseconds;

Fault says(std::string path, std::string text, int times = 1000) {
  Fault fault;
  fault.what = What::answer;
  fault.path = std::move(path);
  fault.times = times;
  fault.text = std::move(text);
  return fault;
}

std::string page(int status, const std::string& headers = {}) {
  const std::string body = "<html>It works!</html>";
  return fmt::format("HTTP/1.1 {} Status\r\nContent-Type: text/html\r\n{}Content-Length: {}\r\n\r\n{}", status, headers,
                     body.size(), body);
}

std::string token_answer() { return http_answer(200, R"({"token":"abc","record":{}})"); }

/// What opening a server with these answers as a target gives; its address is written as URL.
std::string opening(const std::vector<Fault>& faults, ServerOptions options = options_for_tests()) {
  HostileProxy proxy({});
  for (const Fault& fault : faults) proxy.add(fault);
  options.patience.total = milliseconds(400);
  options.patience.limits.idle = milliseconds(300);
  std::string text = error_of([&] { ServerStore(openwebui(), proxy.url(), Use::target, options); });
  EXPECT_EQ(text.find(options.credentials.password), std::string::npos);
  for (std::size_t at = 0; (at = text.find(proxy.url(), at)) != std::string::npos;) {
    text.replace(at, proxy.url().size(), "URL");
  }
  return text;
}

constexpr const char* credentials =
    " | Set POCKETBASE_SUPERUSER_EMAIL and POCKETBASE_SUPERUSER_PASSWORD (or POCKETBASE_SUPERUSER_TOKEN), or name a "
    "credentials file. `pocketbase superuser upsert EMAIL PASSWORD` makes a superuser.";
constexpr const char* address =
    " | Check the address. If there is a proxy before PocketBase, it has to pass everything below /api/ through.";

TEST(ServerErrors, AnotherServer) {
  EXPECT_EQ(opening({says("/", page(200))}),
            std::string("URL answers a request for a sign-in as superuser with something that is not PocketBase's "
                        "(status 200)") + address);
  EXPECT_EQ(opening({says("/", page(404))}),
            std::string("URL answers a request for a sign-in as superuser with something that is not PocketBase's "
                        "(status 404)") + address);
  EXPECT_EQ(opening({says("/", "SSH-2.0-OpenSSH_9.2\r\n\r\n")}),
            "URL answers with something that is not HTTP | Check the address: http or https, host and port.");
  EXPECT_EQ(opening({says("/", http_answer(200, "{\"token\":"))}),
            std::string("URL answers a request for a sign-in as superuser with something that is not PocketBase's "
                        "(status 200)") + address);
}

TEST(ServerErrors, Redirects) {
  EXPECT_EQ(opening({says("/", page(308, "Location: https://pocketbase.example.com/api/x\r\n"))}),
            "URL sends requests on to https://pocketbase.example.com/api/x | Name that address; twoway follows no "
            "redirects, so that the password goes nowhere else.");
}

TEST(ServerErrors, Credentials) {
  EXPECT_EQ(opening({says("auth-with-password", http_answer(400, R"({"message":"Failed to authenticate."})"))}),
            std::string("URL does not accept the superuser's e-mail address and password") + credentials);
  ServerOptions none = options_for_tests();
  none.credentials = {};
  none.credentials.password = "secret, but no address";
  EXPECT_EQ(opening({}, none), std::string("there are no credentials for URL") + credentials);
  none.credentials.token = "a.token.only";
  EXPECT_EQ(opening({says("/", http_answer(401, "{}"))}, none),
            std::string("URL refuses the superuser's token") + credentials);
  EXPECT_EQ(opening({says("auth-with-password", http_answer(401, R"({"mfaId":"x"})"))}),
            "URL asks the superuser for a second factor | Make a token for a superuser (in the dashboard: Impersonate) "
            "and set POCKETBASE_SUPERUSER_TOKEN.");
  EXPECT_EQ(opening({says("auth-with-password", token_answer()),
                     says("/", http_answer(403, R"({"message":"The request is not allowed."})"))}),
            "URL does not give twoway access: The request is not allowed | The account has to be a superuser's, and "
            "superusers have to be let in from this machine (PocketBase's settings may list their addresses).");
  // A fresh token that is refused is not asked for over and over.
  EXPECT_EQ(opening({says("auth-with-password", token_answer()), says("/", http_answer(401, "{}"))}),
            std::string("URL refuses the superuser's token") + credentials);
}

TEST(ServerErrors, TheHookOfAnother) {
  const auto hello = [](const std::string& body) {
    return opening({says("auth-with-password", token_answer()), says("hello", http_answer(200, body))});
  };
  const std::string hint =
      " | Put the pb_hooks/twoway.pb.js of this mapping into PocketBase's pb_hooks directory (`twoway prepare` with "
      "the server's address writes it).";
  EXPECT_EQ(hello(R"({"protocol":2})"), "the twoway hook of URL is another version's" + hint);
  EXPECT_EQ(hello(R"({"protocol":1,"mapping":"library"})"),
            "the twoway hook of URL is that of another mapping, library" + hint);
  EXPECT_EQ(hello(R"({"protocol":1,"mapping":"openwebui-pocketbase","digest":"0"})"),
            "the twoway hook of URL was made from another state of the mapping openwebui-pocketbase" + hint);
}

TEST(ServerErrors, NoCollections) {
  const std::string text =
      opening({says("auth-with-password", token_answer()), says("hello", http_answer(404, R"({"message":"no"})")),
               says("/api/collections?", http_answer(200, R"({"items":[]})"))});
  EXPECT_NE(text.find("URL"), std::string::npos) << text;
  EXPECT_NE(text.find("collection users"), std::string::npos) << text;
  EXPECT_NE(text.find("twoway prepare"), std::string::npos) << text;
}

TEST(ServerErrors, NoWayToWrite) {
  Target target(false);
  ProxyOptions options;
  options.server_port = target.server().port();
  HostileProxy proxy(options);
  proxy.add(says("/api/sql", http_answer(404, R"({"message":"The requested resource wasn't found."})")));
  EXPECT_EQ(error_of([&] { ServerStore(openwebui(), proxy.url(), Use::target, options_for_tests()); }),
            proxy.url() + " has neither the twoway hook nor a SQL console, so nothing can be written to it exactly | "
                          "Install the hook (`twoway prepare` with the server's address writes it and says where), or "
                          "use PocketBase 0.39 or newer.");
  // It can be read nevertheless.
  ServerStore source(openwebui(), proxy.url(), Use::source, options_for_tests());
  EXPECT_EQ(source.count(*openwebui().entities[0]), 0U);
  EXPECT_FALSE(source.changed_since_open());
}

TEST(ServerErrors, NobodyThere) {
  const std::string url = fmt::format("http://127.0.0.1:{}", free_port());
  const auto started = std::chrono::steady_clock::now();
  EXPECT_EQ(error_of([&] { ServerStore(openwebui(), url, Use::target, options_for_tests()); }),
            url + " cannot be reached: Connection refused | Check the address, and that PocketBase runs and can be "
                  "reached from here.");
  // A wrong address is no reason to be patient.
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(1));
  const char* unknown = "http://no.such.host.invalid";
  EXPECT_EQ(error_of([&] { ServerStore(openwebui(), unknown, Use::target, options_for_tests()); }),
            "http://no.such.host.invalid cannot be found: the name no.such.host.invalid is not known | Check the "
            "address, and that PocketBase runs and can be reached from here.");
}

TEST(ServerErrors, AddressesThatAreNone) {
  const auto open = [](const char* url) {
    return error_of([&] { ServerStore(openwebui(), url, Use::target, options_for_tests()); });
  };
  EXPECT_EQ(open("http://admin:secret@localhost"),
            "the address of a server holds a user name or a password | Leave it out: credentials come from the "
            "environment or from a file.");
  for (const char* url : {"http://", "http://a b", "http://[::1", "http://x:99999", "http://x?token=1", "http://x:a"}) {
    EXPECT_EQ(open(url), fmt::format("'{}' is no address of a server | Write it like http://127.0.0.1:8090 or "
                                     "https://pocketbase.example.com.", url));
  }
}

/// A server that is there for a while, and then fails for good.
std::string failing(const Fault& fault, milliseconds total = milliseconds(800)) {
  Target target;
  ProxyOptions proxy_options;
  proxy_options.server_port = target.server().port();
  HostileProxy proxy(proxy_options);
  ServerOptions options = options_for_tests();
  options.patience.total = total;
  options.patience.limits.idle = milliseconds(500);
  options.request_bytes = 64U << 10U;
  proxy.add(fault);
  std::string text = error_of([&] {
    ServerStore store(openwebui(), proxy.url(), Use::target, options);
    copy_records(records(false), store);
  });
  const std::size_t at = text.find(proxy.url());
  return at == std::string::npos ? text : text.replace(at, proxy.url().size(), "URL");
}

TEST(ServerErrors, FailsForGood) {
  const std::string again =
      " | Check the network and PocketBase's log, then run the same command again: it goes on.";
  Fault fault = says("/api/twoway/import", {});
  fault.skip = 3;
  fault.what = What::freeze;
  EXPECT_EQ(failing(fault), "URL sent nothing for 0.5 s" + again);
  fault.what = What::reset;
  EXPECT_EQ(failing(fault), "URL closed the connection without an answer" + again);
  fault.what = What::cut_answer;
  fault.after_bytes = 40;
  EXPECT_EQ(failing(fault), "URL closed the connection in the middle of an answer" + again);
  fault.what = What::answer;
  fault.text = page(502);
  EXPECT_EQ(failing(fault), std::string("URL answers a request for the import of records with something that is not "
                                        "PocketBase's (status 502)") + address);
  fault.text = http_answer(500, R"j({"reason":"database or disk is full (13)"})j");
  EXPECT_EQ(failing(fault, std::chrono::seconds(3)),
            "URL fails at the import of records (status 500): database or disk is full (13) | PocketBase's log says "
            "more.");
  fault.text = http_answer(429, "{}", "Retry-After: 120\r\n");
  EXPECT_EQ(failing(fault), "URL asks twoway to come back later: too many requests | Raise the rate limit (of the "
                            "proxy, or PocketBase's own) for the time of the run.");
  fault.text = http_answer(200, R"({"rows":1,"inserted":0,"updated":0})");
  EXPECT_NE(failing(fault).find("Something between twoway and PocketBase changes requests"), std::string::npos);
}

TEST(ServerErrors, TheOperatorDoesNotWait) {
  Target target;
  ProxyOptions proxy_options;
  proxy_options.server_port = target.server().port();
  HostileProxy proxy(proxy_options);
  Fault fault = says("/api/twoway/import", {});
  fault.what = What::freeze;
  proxy.add(fault);
  std::atomic<bool> interrupted = false;
  ServerOptions options = options_for_tests();
  options.interrupted = &interrupted;
  options.patience.limits.idle = options.patience.total = std::chrono::seconds(60);
  std::thread operator_thread([&] {
    while (proxy.hits() == 0) std::this_thread::sleep_for(milliseconds(10));
    interrupted = true;
  });
  const auto started = std::chrono::steady_clock::now();
  EXPECT_EQ(error_of([&] {
    ServerStore store(openwebui(), proxy.url(), Use::target, options);
    copy_records(records(false), store);
  }), proxy.url() + " was not waited for | Run the same command again: it goes on.");
  operator_thread.join();
  EXPECT_LT(std::chrono::steady_clock::now() - started, options.patience.total) << "it would have waited so long";
}

TEST(CredentialsFile, IsReadInBothForms) {
  const TemporaryDirectory directory("credentials");
  std::vector<std::string> warnings;
  const auto log = [&](std::string_view, std::string_view text) { warnings.emplace_back(text); };
  const auto file = directory / "file";
  const auto read = [&](const std::string& text, bool open = false) {
    std::ofstream(file) << text;
    using std::filesystem::perms;
    const perms others = open ? perms::others_read : perms::none;
    std::filesystem::permissions(file, perms::owner_read | perms::owner_write | others);
    return credentials_from_file(file, log);
  };
  EXPECT_EQ(read("a@b.co\npass word \n").password, "pass word ");
  EXPECT_EQ(read("a@b.co\r\nx\r\n").email, "a@b.co");
  const Credentials named = read("# comment\nexport POCKETBASE_SUPERUSER_EMAIL='a@b.co'\nOTHER=1\n"
                                 "POCKETBASE_SUPERUSER_PASSWORD=\"x=y\"\n");
  EXPECT_EQ(named.email + " " + named.password, "a@b.co x=y");
  EXPECT_EQ(read("POCKETBASE_SUPERUSER_TOKEN=t.t.t\n").token, "t.t.t");
  EXPECT_TRUE(warnings.empty());
  read("a@b.co\nx\n", true);
  EXPECT_EQ(warnings, std::vector<std::string>{fmt::format(
                          "others may read the credentials file {}: chmod 600 would stop that", file.string())});
  EXPECT_EQ(error_of([&] { read("only one line\n"); }),
            fmt::format("the credentials file {} holds no credentials | Write two lines, a superuser's e-mail address "
                        "and the password, or POCKETBASE_SUPERUSER_EMAIL=... and POCKETBASE_SUPERUSER_PASSWORD=..., or "
                        "POCKETBASE_SUPERUSER_TOKEN=...", file.string()));
  EXPECT_EQ(error_of([&] { credentials_from_file(directory / "none", log); }),
            fmt::format("cannot read the credentials file {} | Check its path and its permissions.",
                        (directory / "none").string()));
}

}  // namespace
}  // namespace twoway::test
