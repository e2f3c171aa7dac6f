// A network that fails in every way that networks do: a run comes through complete, with right counts, nothing doubled.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "tests/pocketbase_server/world.h"
#include "tests/support/hostile_proxy.h"

namespace twoway::test {
namespace {

using What = Fault::What;
using std::chrono::milliseconds;

struct Case {
  const char* name;
  Fault fault;
  milliseconds idle = std::chrono::seconds(5);
};

Fault fault(What what, std::string path, int skip, int times, std::size_t after_bytes = 0) {
  Fault made;
  made.what = what;
  made.path = std::move(path);
  made.skip = skip;
  made.times = times;
  made.after_bytes = after_bytes;
  return made;
}

Fault answer(int status, std::string path, int skip, int times, const std::string& body = "{}",
             const std::string& headers = {}) {
  Fault made = fault(What::answer, std::move(path), skip, times);
  made.text = http_answer(status, body, headers);
  return made;
}

Fault early(int status, std::string path, std::size_t longer_than) {
  Fault made = fault(What::answer_early, std::move(path), 0, 1000);
  made.text = http_answer(status, "{\"message\":\"Request entity too large\"}");
  made.longer_than = longer_than;
  return made;
}

Fault limit(std::string path, std::size_t longer_than) {
  Fault made = answer(413, std::move(path), 0, 1000, "<html>413 Request Entity Too Large</html>");
  made.longer_than = longer_than;
  return made;
}

const char* const import = "/api/twoway/import";

std::vector<Case> cases() {
  return {
      {"ResetBeforeTheBody", fault(What::reset, import, 2, 3, 0)},
      {"ResetInTheBody", fault(What::reset, import, 1, 3, 20000)},
      {"FrozenInTheBody", fault(What::freeze, import, 1, 1, 20000), milliseconds(700)},
      {"AnswerCut", fault(What::cut_answer, import, 1, 2, 30)},
      {"AnswerEndsEarly", fault(What::close_answer, import, 1, 2, 30)},
      {"AnswerFrozen", fault(What::freeze_answer, import, 1, 1, 0), milliseconds(700)},
      {"AnswerLost", fault(What::swallow_answer, import, 1, 4)},
      {"Unavailable", answer(503, import, 1, 3)},
      {"BadGateway", answer(502, import, 1, 3, "<html>bad gateway</html>")},
      {"InternalErrorOnce", answer(500, import, 1, 1, "{\"reason\":\"database is locked\"}")},
      {"TooManyRequests", answer(429, import, 1, 1, "{}", "Retry-After: 1\r\n")},
      {"TokenRefused", answer(401, import, 3, 1)},
      {"SignInFails", answer(503, "auth-with-password", 0, 2)},
      {"HelloLost", fault(What::swallow_answer, "hello", 0, 2)},
      {"ProxyLimitsBodies", limit(import, 40000)},
      {"ServerLimitsBodies", early(413, import, 40000)},
  };
}

class Network : public testing::TestWithParam<Case> {};

TEST_P(Network, AnImportComesThrough) {
  Target target;
  ProxyOptions options;
  options.server_port = target.server().port();
  HostileProxy proxy(options);
  proxy.add(GetParam().fault);
  ServerOptions server = options_for_tests();
  server.patience.limits.idle = GetParam().idle;
  server.request_bytes = 64U << 10U;
  std::uint64_t all = 0;
  {
    ServerStore store(openwebui(), proxy.url(), Use::target, server);
    const Copied copied = copy_records(records(false), store);
    EXPECT_TRUE(copied.rejected.empty()) << copied.rejected[0].reason;
    // Also where an answer was lost after the server had written: it is asked again and remembers what it did.
    EXPECT_EQ(copied.inserted, copied.all());
    EXPECT_EQ(copied.updated + copied.unchanged, 0U);
    all = copied.all();
  }
  EXPECT_GT(all, 400U);
  EXPECT_GT(proxy.hits(), 0);
  EXPECT_EQ(record_differences(records(false) / "data.db", target.stopped_database()), "");
}

INSTANTIATE_TEST_SUITE_P(Faults, Network, testing::ValuesIn(cases()),
                         [](const auto& test) { return test.param.name; });

TEST(Snapshot, GoesOnWhereItWasCut) {
  Target target;
  {
    ServerStore store(openwebui(), target.url(), Use::target, options_for_tests());
    copy_records(records(true), store);
  }
  ProxyOptions options;
  options.server_port = target.server().port();
  HostileProxy proxy(options);
  for (const What what : {What::cut_answer, What::close_answer, What::freeze_answer}) {
    proxy.add(fault(what, "GET /api/twoway/snapshot", 0, 1, 7'000'000));
  }
  proxy.add(fault(What::swallow_answer, "POST /api/twoway/snapshot", 0, 1));
  ServerOptions server = options_for_tests();
  server.patience.limits.idle = milliseconds(700);
  {
    ServerStore source(openwebui(), proxy.url(), Use::source, server);
    EXPECT_EQ(proxy.hits(), 4);
    EXPECT_EQ(proxy.requests("GET /api/twoway/snapshot"), 4);
    EXPECT_EQ(proxy.requests("POST /api/twoway/snapshot"), 2);
    Target copy;
    ServerStore to(openwebui(), copy.url(), Use::target, options_for_tests());
    for (const Entity* entity : openwebui().entities) {
      const auto reader = source.read(*entity);
      const auto writer = to.write(*entity);
      while (reader->next()) writer->write(reader->record(), reader->residue(), reader->created());
      EXPECT_TRUE(writer->settle(true).rejected.empty());
    }
    source.read_attic([&](const AtticEntry& entry) { to.write_attic(entry); });
    link_all_identities(to);
    to.finish_load();
    EXPECT_EQ(record_differences(records(true) / "data.db", copy.stopped_database()), "");
  }
  // Nothing stays on the server.
  EXPECT_EQ(proxy.requests("/api/twoway/forget"), 1);
  const auto left = target.directory() / ".pb_temp_to_delete";
  EXPECT_TRUE(!std::filesystem::exists(left) || std::filesystem::is_empty(left));
}

TEST(Snapshot, ABackupIsReadInPiecesThroughABadNetwork) {
  Target target(false);
  {
    ServerStore store(openwebui(), target.url(), Use::target, options_for_tests());
    copy_records(records(false), store);
  }
  ProxyOptions options;
  options.server_port = target.server().port();
  HostileProxy proxy(options);
  proxy.add(fault(What::cut_answer, "GET /api/backups/", 0, 3, 1000));
  proxy.add(fault(What::swallow_answer, "POST /api/backups", 0, 1));
  ServerStore source(openwebui(), proxy.url(), Use::source, options_for_tests());
  EXPECT_EQ(proxy.hits(), 4);
  EXPECT_EQ(proxy.requests("DELETE /api/backups/"), 1);
  std::uint64_t all = 0;
  for (const Entity* entity : openwebui().entities) all += source.count(*entity);
  EXPECT_GT(all, 400U);
}

TEST(Network, ASlowLineIsPatientlyUsed) {
  Target target;
  ProxyOptions options;
  options.server_port = target.server().port();
  options.latency = milliseconds(15);
  options.bytes_per_second = 1'500'000;
  HostileProxy proxy(options);
  ServerOptions server = options_for_tests();
  // Shorter than a request takes: what counts is that bytes move.
  server.patience.limits.idle = milliseconds(900);
  server.request_bytes = 2U << 20U;
  {
    ServerStore store(openwebui(), proxy.url(), Use::target, server);
    EXPECT_TRUE(copy_records(records(false), store).rejected.empty());
  }
  EXPECT_EQ(record_differences(records(false) / "data.db", target.stopped_database()), "");
}

TEST(Network, TheConsoleComesThroughToo) {
  Target target(false);
  ProxyOptions options;
  options.server_port = target.server().port();
  HostileProxy proxy(options);
  proxy.add(fault(What::reset, "/api/sql", 3, 2, 100));
  proxy.add(fault(What::swallow_answer, "/api/sql", 7, 2));
  proxy.add(fault(What::cut_answer, "/records/", 2, 2, 10));
  proxy.add(limit("/records/", 3'500'000));
  ServerOptions server = options_for_tests();
  server.request_bytes = 64U << 10U;
  {
    ServerStore store(openwebui(), proxy.url(), Use::target, server);
    const Copied copied = copy_records(records(false), store);
    EXPECT_TRUE(copied.rejected.empty()) << copied.rejected[0].reason;
    EXPECT_GT(copied.all(), 400U);
  }
  EXPECT_EQ(proxy.hits(), 6);
  EXPECT_EQ(record_differences(records(false) / "data.db", target.stopped_database()), "");
}

}  // namespace
}  // namespace twoway::test
