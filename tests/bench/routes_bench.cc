#include "tests/bench/routes_bench.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <limits>
#include <stdexcept>

#include "tests/bench/programs.h"
#include "tests/bench/random.h"
#include "tests/support/places.h"
#include "tests/support/pocketbase_server.h"
#include "tests/support/sqlite_file.h"

namespace twoway::bench {

namespace fs = std::filesystem;
using test::SqliteFile;

namespace {

constexpr int chats = 100000, of_one_person = 50000, of_others = 500, tags = 20;
constexpr int rare_from = 14;

std::string person(int number) { return fmt::format("{0:08x}-0000-4000-8000-{0:012x}", number); }
std::string tag_id(int tag, const std::string& owner) { return fmt::format("tag{}~_{}", tag, owner); }

/// Every second chat has tag0, every fourth tag1, every sixth tag2...; two of each person's have all the rare ones.
std::vector<int> tags_of(int chat, Random& random) {
  std::vector<int> chosen;
  const bool rare = chat % 25000 == 7 || chat % of_others == 3;
  for (int tag = 0; tag < tags; ++tag) {
    if (random.below(2 * static_cast<std::uint64_t>(tag + 1)) == 0 || (rare && tag >= rare_from)) chosen.push_back(tag);
  }
  return chosen;
}

void add_chats(SqliteFile& file) {
  Random random(7);
  const std::string text(3000, 'x');
  test::SqliteInsert insert(file, "chats", {"id", "user_id", "title", "chat", "meta", "tags", "updated_at"});
  for (int i = 0; i < chats; ++i) {
    const int chat = static_cast<int>(static_cast<std::int64_t>(i) * 7919 % chats);  // in no order of people
    const std::string owner = person(chat < of_one_person ? 0 : 1 + (chat - of_one_person) / of_others);
    std::vector<std::string> ids, names;
    for (const int tag : tags_of(chat, random)) {
      ids.push_back(fmt::format("\"{}\"", tag_id(tag, owner)));
      names.push_back(fmt::format("\"tag{}\"", tag));
    }
    insert({fmt::format("{:08x}-1111-4000-8000-{:012x}", random.below(1U << 31U), chat), owner,
            fmt::format("chat {}", chat), fmt::format(R"({{"messages":["{}"]}})", text),
            fmt::format(R"({{"tags":[{}]}})", fmt::join(names, ",")), fmt::format("[{}]", fmt::join(ids, ",")),
            fmt::format("2025-{:02}-{:02} {:02}:{:02}:{:02}.000Z", 1 + random.below(12), 1 + random.below(28),
                        random.below(24), random.below(60), random.below(60))});
  }
}

void fill(const fs::path& data) {
  prepare(data.string());
  SqliteFile file(data / "data.db");
  file.execute("PRAGMA synchronous = OFF; BEGIN");
  for (int number = 0; number <= (chats - of_one_person) / of_others; ++number) {
    const std::string owner = person(number);
    for (int tag = 0; tag < tags; ++tag) {
      file.insert("tags", {{"id", tag_id(tag, owner)},
                           {"id_normalized", fmt::format("tag{}", tag)},
                           {"id_comp", fmt::format("tag{}:{}", tag, owner)},
                           {"user_id", owner}});
    }
  }
  add_chats(file);
  file.execute("COMMIT");
  // What the route could have been made of instead.
  file.execute(
      "CREATE TABLE tagged AS SELECT value AS tag, updated_at, chats.id AS chat FROM chats, json_each(tags);"
      "CREATE INDEX tagged_tag ON tagged (tag, updated_at, chat); PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)");
}

double seconds_of(const auto& work) {
  const auto started = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
}

/// The console's own time, without HTTP: the ids of the page, and how many there are.
double join_milliseconds(test::RestClient& client, const std::string& owner, const std::vector<int>& names, bool all) {
  std::vector<std::string> ids;
  for (const int name : names) ids.push_back(fmt::format("'{}'", tag_id(name, owner)));
  const std::string hits =
      fmt::format("SELECT chat, updated_at FROM tagged WHERE tag IN ({}) GROUP BY chat HAVING count(*) >= {}",
                  fmt::join(ids, ","), all ? names.size() : 1);
  const test::Response response = client.post(
      "/api/sql", {{"query", fmt::format("SELECT count(*) OVER () AS n, chat FROM ({}) ORDER BY updated_at DESC, chat "
                                         "DESC LIMIT 50",
                                         hits)}});
  if (!response.ok()) throw std::runtime_error(response.text);
  return response.body.as_object().at("execTime").to_number<double>();
}

struct Question {
  std::string what;
  std::vector<int> names;
  bool all = true;
  int skip = 0;
};

RouteTime ask(test::RestClient& client, const Question& question, bool typical, int rounds) {
  const std::string owner = person(typical ? 5 : 0);
  std::vector<std::string> names;
  for (const int name : question.names) names.push_back(fmt::format("tag{}", name));
  const std::string target = fmt::format("/api/openwebui/chats/byTags?userId={}&tags={}&mode={}&skip={}", owner,
                                         fmt::join(names, ","), question.all ? "all" : "any", question.skip);
  constexpr double unknown = std::numeric_limits<double>::max();
  RouteTime time{question.what, 0, unknown, unknown, typical};
  constexpr int questions_a_round = 5;
  for (int i = 0; i < rounds * questions_a_round; ++i) {
    test::Response response;
    const double seconds = seconds_of([&] { response = client.get(target); });
    if (!response.ok()) throw std::runtime_error(response.text);
    time.total = response.body.as_object().at("total").to_number<std::size_t>();
    time.milliseconds = std::min(time.milliseconds, seconds * 1000);
    time.join_milliseconds =
        std::min(time.join_milliseconds, join_milliseconds(client, owner, question.names, question.all));
  }
  return time;
}

}  // namespace

std::vector<RouteTime> measure_routes(const fs::path& directory, int rounds) {
  fs::remove_all(directory);
  fs::create_directories(directory);
  fill(directory / "pb_data");
  test::PocketBaseOptions options;
  options.hooks = test::source_directory() / "generated" / "openwebui-pocketbase" / "pb_hooks";
  const test::PocketBaseServer server(directory / "pb_data", options);
  test::RestClient client = server.superuser();
  const std::vector<Question> questions{
      {"one common tag", {0}},
      {"all of 4 rare tags", {14, 15, 16, 17}},
      {"all of 5 common tags", {0, 1, 2, 3, 4}},
      {"any of 5 common tags", {0, 1, 2, 3, 4}, false},
      {"any of 4 rare tags", {14, 15, 16, 17}, false},
      {"any of 20 tags", {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19}, false},
      {"one common tag, 20,000 skipped", {0}, true, 20000},
  };
  std::vector<RouteTime> times;
  for (const bool typical : {true, false}) {
    for (const Question& question : questions) {
      if (!typical || question.skip == 0) times.push_back(ask(client, question, typical, rounds));
    }
  }
  return times;
}

}  // namespace twoway::bench
