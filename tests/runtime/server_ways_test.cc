// Both ways into a PocketBase server, where the server answers oddly; and what a client does with answers that pass.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "runtime/store/http/client.h"
#include "runtime/store/pocketbase_server/row_body.h"
#include "runtime/store/pocketbase_server/server_way.h"
#include "tests/runtime/odd_server.h"
#include "tests/runtime/report_sample.h"
#include "tests/support/temporary_directory.h"

namespace twoway {
namespace {

using namespace std::chrono_literals;
using test::Fault;
using test::http_answer;

/// A collection with an id, and a field that is written with the insert alone, and one that is updated, too.
const ServerCollection chats{"chats", {"id", "key", "title"}, {false, false, true}};

class OddConsole : public test::OddServer {
 protected:
  void SetUp() override {
    test::OddServer::SetUp();
    signs_in();
    way_ = console_way(*std::make_unique<ServerApi>(session_), sample::mapping());
  }
  void stages() {
    says("GET /api/collections/", "{}");
    says("POST /api/collections/", "{}");
    says("PATCH /api/collections/", "{}");
  }
  std::string imported(std::string_view body = "[]", const std::set<std::size_t>& tagged = {}) {
    return what([&](ServerApi& api) {
      const Posted posted = way_->import(api, chats, body, 1, tagged);
      return fmt::format("{} {} {} {}", static_cast<int>(posted.what), posted.inserted, posted.updated, posted.reason);
    });
  }
  std::string version() {
    return what([&](ServerApi& api) { return "version " + way_->version(api); });
  }
  std::unique_ptr<ServerWay> way_;
};

TEST_F(OddConsole, TellsItsVersionOrNone) {
  answer("/api/sql", http_answer(404, "{}"), 1);
  EXPECT_EQ(version(), "version ");
  for (const char* body :
       {"{}", R"({"rows":7})", R"({"rows":[]})", R"({"rows":[7]})", R"({"rows":[[]]})", R"({"rows":[[7]]})"}) {
    says("/api/sql", body, 1);
    EXPECT_EQ(version(), "version ") << body;
  }
  says("/api/sql", R"({"rows":[["1.go"]]})", 1);
  EXPECT_EQ(version(), "version 1.go");
  answer("/api/sql", http_answer(404, "{}"), 1);
  EXPECT_EQ(what([&](ServerApi& api) {
              require_console(api);
              return "there";
            }),
            "URL has neither the twoway hook nor a SQL console, so nothing can be written to it exactly");
  answer("/api/sql", http_answer(418, "{}"), 1);
  EXPECT_EQ(what([&](ServerApi& api) {
              require_console(api);
              return "there";
            }),
            "URL fails at its SQL console (status 418)");
}

TEST_F(OddConsole, CountsWhatItWrote) {
  stages();
  says("/api/sql", R"({"rows":[["4"]]})", 1);
  says("/api/sql", R"({"affectedRows":3})", 1);
  says("/api/sql", R"({"rows":[["2"]]})", 1);
  EXPECT_EQ(imported("[[\"a\\\\b\"]]", {1}), "0 2 1 ");
  says("/api/sql", R"({"rows":[]})", 1);
  says("/api/sql", R"({"affectedRows":"3"})", 1);
  says("/api/sql", R"({"rows":[["2"]]})", 1);
  EXPECT_EQ(imported(), "0 0 0 ");
  for (const char* odd : {"2 rows", "-2", "two", "99999999999999999999"}) {
    says("/api/sql", fmt::format(R"({{"rows":[["{}"]]}})", odd), 1);
    EXPECT_EQ(imported(), "the SQL console of URL gives no number where one is due") << odd;
  }
}

TEST_F(OddConsole, SaysWhyARowIsRefused) {
  stages();
  const auto refused = [&](const std::string& body) {
    says("/api/sql", R"({"rows":[["4"]]})", 1);
    answer("/api/sql", http_answer(400, body), 1);
    return imported();
  };
  EXPECT_EQ(refused(R"({"message":"x UNIQUE constraint failed: users.email"})").substr(0, 6), "1 0 0 ");
  EXPECT_EQ(refused(R"({"message":"string or blob too big"})").substr(0, 6), "1 0 0 ");
  EXPECT_EQ(refused(R"({"message":"no such table"})"), "URL fails at its SQL console (status 400): no such table");
  EXPECT_EQ(refused(R"({"message":7})"), "URL fails at its SQL console (status 400)");
  EXPECT_EQ(refused("[]"), "URL fails at its SQL console (status 400)");
  EXPECT_EQ(refused("{"), "URL fails at its SQL console (status 400)");
}

TEST_F(OddConsole, MakesRoomForRowsOnce) {
  answer("GET /api/collections/", http_answer(404, "{}"), 1);
  says("POST /api/collections ", "{}");
  answer("POST /api/collections/", http_answer(400, "{}"), 1);
  answer("PATCH /api/collections/", http_answer(413, "{}"), 1);
  EXPECT_EQ(imported(), "2 0 0 something before PocketBase takes no request of that size");
  answer("PATCH /api/collections/", http_answer(413, "{}"), 1);
  EXPECT_EQ(what([&](ServerApi& api) { return std::to_string(way_->erase(api, chats, {"a"})); }),
            "URL takes no list of ids");
  answer("PATCH /api/collections/", http_answer(418, "{}"), 1);
  EXPECT_EQ(imported(), "URL fails at the import of records (status 418)");
  says("DELETE /api/collections/", "{}", 1);
  EXPECT_EQ(what([&](ServerApi& api) {
              way_->finish(api);
              way_->tidy(api);
              return "tidy";
            }),
            "tidy");
  says("GET /api/collections/", "{}", 1);
  answer("POST /api/collections/", http_answer(418, "{}"), 1);
  EXPECT_EQ(imported(), "URL fails at a record for the import (status 418)");
}

TEST_F(OddConsole, RefusesStatementsThatAreTooLong) {
  stages();
  says("/api/sql", R"({"rows":[["4"]]})");
  ServerCollection wide{"wide", {"id"}, {false}};
  for (int i = 0; i < 20000; ++i) {
    wide.columns.push_back(fmt::format("field_of_a_long_name_{}", i));
    wide.updated.push_back(true);
  }
  EXPECT_EQ(what([&](ServerApi& api) {
              way_->import(api, wide, "[]", 1, {});
              return "written";
            }),
            "the collection wide has more fields than PocketBase's SQL console can write");
}

TEST_F(OddConsole, CopiesByABackupThatGoesAway) {
  const test::TemporaryDirectory directory("copy");
  const auto copied = [&](bool watch) {
    return what([&](ServerApi& api) {
      way_->copy_database(api, directory / "data.db", watch);
      return "copied";
    });
  };
  says("/api/health", "{}");
  says("GET /api/backups", R"([{"key":"twoway_copy_old.zip","size":1}])", 1);
  says("GET /api/backups", "[]", 1);
  answer("POST /api/backups", http_answer(418, "{}"), 1);
  answer("/api/sql", http_answer(404, "{}"));
  EXPECT_EQ(copied(true), "URL fails at a backup (status 418)");
  EXPECT_EQ(what([&](ServerApi& api) { return std::string(way_->changed(api) ? "changed" : "as it was"); }),
            "as it was")
      << "without a console nobody can tell";
}

class OddHook : public test::OddServer {
 protected:
  void SetUp() override {
    test::OddServer::SetUp();
    signs_in();
  }
  std::string hello(const std::string& body) {
    says("/api/twoway/hello", body, 1);
    return what([&](ServerApi& api) {
      way_ = hook_way(api, sample::mapping());
      return way_ ? "there" : "none";
    });
  }
  void greet() {
    ASSERT_EQ(hello(R"({"protocol":1,"mapping":"openwebui-pocketbase","digest":"ab12","jsonb_each":true})"), "there");
  }
  std::string imported(std::string_view body = "x", std::size_t rows = 1, const std::set<std::size_t>& tagged = {}) {
    return what([&](ServerApi& api) {
      const Posted posted = way_->import(api, chats, body, rows, tagged);
      return fmt::format("{} {} {} {}", static_cast<int>(posted.what), posted.inserted, posted.updated, posted.reason);
    });
  }
  std::unique_ptr<ServerWay> way_;
};

TEST_F(OddHook, SaysWhoseItIs) {
  const std::string other = "the twoway hook of URL is another version's";
  for (const char* body : {"{}", R"({"protocol":"1"})", R"({"protocol":9})"}) EXPECT_EQ(hello(body), other) << body;
  EXPECT_EQ(hello(R"({"protocol":1,"mapping":7})"), "the twoway hook of URL is that of another mapping, ");
  EXPECT_EQ(hello(R"({"protocol":1})"), "the twoway hook of URL is that of another mapping, ");
  EXPECT_EQ(hello(R"({"protocol":1,"mapping":"openwebui-pocketbase"})"),
            "the twoway hook of URL was made from another state of the mapping openwebui-pocketbase");
  EXPECT_EQ(hello(R"({"protocol":1,"mapping":"openwebui-pocketbase","digest":"ab12","jsonb_each":1})"), "there");
  answer("/api/twoway/hello", http_answer(404, "{}"), 1);
  EXPECT_EQ(what([&](ServerApi& api) { return std::string(hook_way(api, sample::mapping()) ? "there" : "none"); }),
            "none");
}

TEST_F(OddHook, CountsWhatItWrote) {
  greet();
  says("/api/twoway/import", R"({"rows":1,"inserted":1,"updated":-1})", 1);
  EXPECT_EQ(imported("x", 1, {1, 2}), "0 1 0 ");
  for (const char* rows : {"{}", R"({"rows":"1"})", R"({"rows":-1})"}) {
    says("/api/twoway/import", rows, 1);
    EXPECT_EQ(imported(), "URL took 0 of 1 records of chats") << rows;
  }
  answer("/api/twoway/import",
         http_answer(422, "{\"reason\":\"constraint failed: UNIQUE constraint failed: users.email (2067)\"}"), 1);
  EXPECT_EQ(imported(), "1 0 0 UNIQUE constraint failed: users.email");
  answer("/api/twoway/import", http_answer(422, R"({"reason":7})"), 1);
  EXPECT_EQ(imported(), "1 0 0 ");
}

TEST_F(OddHook, LargeRecordsGoInParts) {
  greet();
  const std::string body(100 * 1024, 'x');
  constexpr std::string_view too_large = "2 0 0 something before PocketBase takes no request of that size";
  answer("/api/twoway/import", http_answer(413, "{}"), 1);
  EXPECT_EQ(imported(body, 2), too_large) << "half of them may pass";
  answer("/api/twoway/import", http_answer(413, "{}"), 1);
  answer("/api/twoway/part", http_answer(413, "{}"), 7);
  says("/api/twoway/part", "{}", 4);
  says("/api/twoway/import", R"({"rows":1,"inserted":1})", 1);
  EXPECT_EQ(imported(body), "0 1 0 ");
  answer("/api/twoway/import", http_answer(413, "{}"), 1);
  answer("/api/twoway/part", http_answer(413, "{}"), 100);
  EXPECT_EQ(imported(body), too_large) << "not even small ones";
}

TEST_F(OddHook, SnapshotsAreForgotten) {
  greet();
  const test::TemporaryDirectory directory("snapshot");
  const auto changed = [&] {
    return what([&](ServerApi& api) { return std::string(way_->changed(api) ? "changed" : "as it was"); });
  };
  EXPECT_EQ(changed(), "as it was") << "nothing was copied";
  says("POST /api/twoway/snapshot", R"({"done":1})", 1);
  says("POST /api/twoway/snapshot", R"({"done":true,"size":5})", 1);
  says("GET /api/twoway/snapshot", "12345", 1);
  EXPECT_EQ(what([&](ServerApi& api) {
              way_->copy_database(api, directory / "data.db", true);
              return "copied";
            }),
            "copied");
  for (const char* answer : {"{}", R"({"collections":7})", R"({"collections":[]})"}) {
    says("/api/twoway/changed", answer, 1);
    EXPECT_EQ(changed(), "as it was") << answer;
  }
  says("/api/twoway/changed", R"({"collections":["chats"]})", 1);
  EXPECT_EQ(changed(), "changed");
  says("/api/twoway/forget", "{}", 1);
  says("/api/twoway/renew", R"({"renewed":7})", 1);
  says("/api/twoway/finish", "{}", 1);
  EXPECT_EQ(what([&](ServerApi& api) {
              way_->tidy(api);
              way_->tidy(api);
              way_->finish(api);
              return std::to_string(way_->renew_token_keys(api, chats));
            }),
            "7");
}

/// A client without a way to sign in.
class OddClient : public test::OddServer {
 protected:
  std::string sent(http::Repeat repeat = http::Repeat::safe, const http::Sink& sink = {}) {
    std::string text;
    try {
      http::Client client(session_.address, session_.patience, {}, session_.log, &interrupted_);
      http::Request request;
      request.target = "/thing";
      const http::Answer answer = client.send(request, repeat, sink);
      return fmt::format("{} {}", answer.status, answer.body);
    } catch (const Error& error) {
      text = std::string(error.what()) + " | " + error.hint();
    } catch (const http::Failure& failure) {
      text = std::string("failed: ") + failure.what();
    }
    const std::string url = session_.describe();
    for (std::size_t at; (at = text.find(url)) != std::string::npos;) text.replace(at, url.size(), "URL");
    return text;
  }
  void breaks(Fault::What what, std::size_t after = 0, int times = 1) {
    Fault fault;
    fault.what = what;
    fault.path = "/thing";
    fault.after_bytes = after;
    fault.times = times;
    fault.text = http_answer(200, "whole");
    proxy_.add(fault);
  }
  std::atomic<bool> interrupted_{false};
};

TEST_F(OddClient, AnswersThatPassAreWaitedOut) {
  for (const int status : {408, 429, 500, 502, 503, 504}) {
    answer("/thing", http_answer(status, "{}"), 1);
    says("/thing", "done", 1);
    EXPECT_EQ(sent(), "200 done") << status;
  }
  answer("/thing", http_answer(500, "no"), 100);
  EXPECT_EQ(sent(), "500 no") << "an internal error is rarely one that passes";
}

TEST_F(OddClient, WhatMayHaveHappenedIsNotAskedForTwice) {
  for (const int status : {408, 500, 502, 504}) {
    answer("/thing", http_answer(status, "no"), 1);
    EXPECT_EQ(sent(http::Repeat::never), fmt::format("{} no", status));
  }
  for (const int status : {429, 503}) {
    answer("/thing", http_answer(status, "no"), 1);
    says("/thing", "done", 1);
    EXPECT_EQ(sent(http::Repeat::never), "200 done") << "the server says that it did nothing";
  }
}

TEST_F(OddClient, ServersSayHowLongToWait) {
  for (const char* wish : {"soon", "-1", "1x", "9999999999"}) {
    answer("/thing", http_answer(503, "no", fmt::format("Retry-After: {}\r\n", wish)), 1);
    says("/thing", "done", 1);
    EXPECT_EQ(sent(), "200 done") << wish;
  }
  answer("/thing", http_answer(503, "no", "Retry-After: 60\r\n"), 1);
  EXPECT_EQ(sent(), "503 no") << "longer than patience lasts";
}

TEST_F(OddClient, ConnectionsThatBreak) {
  breaks(Fault::What::answer_early);
  EXPECT_EQ(sent(), "200 whole");
  answer("/thing", "SSH-2.0-OpenSSH_9.2\r\n\r\n", 1);
  EXPECT_EQ(sent(), "URL answers with something that is not HTTP | Check the address: http or https, host and port.");
  answer("/thing", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", 1);
  EXPECT_NE(sent().find("URL"), std::string::npos);
  answer("/thing", "HTTP/1.1 200 OK\r\nX: " + std::string(1 << 20, 'x') + "\r\n\r\n", 1);
  EXPECT_NE(sent().find("URL"), std::string::npos);
  answer("/thing", "HTTP/1.1 100 Continue\r\n\r\n" + http_answer(200, "after it"), 1);
  EXPECT_EQ(sent(), "200 after it");
  session_.patience.limits.body_bytes = 3;
  answer("/thing", http_answer(200, "more than three"), 1);
  EXPECT_NE(sent().find("URL"), std::string::npos);
}

TEST_F(OddClient, SinksAreGivenNothingTwice) {
  std::string taken;
  const http::Sink sink = [&](std::string_view piece) { taken += piece; };
  says("/thing", "whole", 1);
  EXPECT_EQ(sent(http::Repeat::safe, sink), "200 ");
  EXPECT_EQ(taken, "whole");
  answer("/thing", http_answer(404, "none"), 1);
  EXPECT_EQ(sent(http::Repeat::safe, sink), "404 none");
  answer("/thing", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\nhalf", 1);
  EXPECT_EQ(sent(http::Repeat::safe, sink).substr(0, 8), "failed: ");
  EXPECT_EQ(taken, "wholehalf");
}

TEST_F(OddClient, AnOperatorWhoWantsToStopIsHeard) {
  interrupted_ = true;
  answer("/thing", http_answer(503, "no"), 100);
  EXPECT_EQ(sent(), "URL was not waited for | Run the same command again: it goes on.");
  Fault frozen;
  frozen.what = Fault::What::freeze;
  frozen.path = "/thing";
  proxy_.add(frozen);
  EXPECT_NE(sent().find("URL"), std::string::npos);
}

TEST_F(OddClient, NobodyThere) {
  session_.address = http::parse_address("http://127.0.0.1:1");
  EXPECT_NE(sent().find("Check the address, and that PocketBase runs"), std::string::npos) << sent();
  session_.address = http::parse_address("http://no-such-host.invalid");
  EXPECT_NE(sent().find("Check the address"), std::string::npos) << sent();
  session_.patience.limits.connect = 200ms;
  session_.address = http::parse_address("https" + proxy_.url().substr(4));
  answer("/", http_answer(200, "plain"));
  EXPECT_NE(sent(), "200 plain");
}

}  // namespace
}  // namespace twoway
