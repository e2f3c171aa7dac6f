// The routes that the mapping declares, asked over the real server after a migration; the oracle is the SQL database.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <set>

#include "runtime/migrate/migration.h"
#include "tests/pocketbase_server/world.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/places.h"
#include "tests/support/sqlite_file.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

using Names = std::vector<std::string>;

// PocketBase writes `&` and U+2028 as \uXXXX when it saves a relation; a comma is what separates names.
const Names hostile{"work", "q&a", "a,b",
                    "\xC3\xBC"
                    "ber_\xE2\x80\xA8",
                    ","};
constexpr std::string_view path = "/api/openwebui/chats/byTags";

/// A database of Open WebUI with two people's tagged chats, the same one migrated, and PocketBase on it.
class TaggedChats : public testing::Test {
 protected:
  struct World {
    TemporaryDirectory directory{"routes"};
    fs::path sql = real(directory.path());
    Names people;
    std::unique_ptr<PocketBaseServer> server;

    World() {
      SqliteFile file(sql);
      for (const Row& row : file.rows("SELECT id FROM user ORDER BY id LIMIT 2")) people.push_back(row[0].bytes);
      for (const std::string& person : people) add_chats(file, person);
      RunOptions run;
      run.from = sql.string();
      run.to = (directory / "pb_data").string();
      run.pocketbase = pocketbase_program().string();
      EXPECT_EQ(migrate(openwebui(), run).status, ExitStatus::done);
      PocketBaseOptions options;
      options.hooks = directory / "pb_hooks";
      fs::create_directories(options.hooks);
      for (const auto& hook : openwebui().pocketbase_hooks) {
        std::ofstream(options.hooks / hook.name, std::ios::binary) << hook.content;
      }
      server = std::make_unique<PocketBaseServer>(directory / "pb_data", options);
    }

    /// One chat for each set of the tags, in no order, and some at the same second.
    static void add_chats(SqliteFile& file, const std::string& person) {
      for (const std::string& tag : hostile) {
        file.insert("tag", {{"id", tag}, {"name", tag}, {"user_id", person}});
      }
      for (unsigned set = 0; set < 1U << hostile.size(); ++set) {
        json::array tags{"nobody_made_this"};
        for (std::size_t i = 0; i < hostile.size(); ++i) {
          if ((set >> i & 1U) != 0) tags.emplace_back(hostile[i]);
        }
        const std::int64_t time = 1700000000 + static_cast<std::int64_t>(set * 7919 % 13);
        file.insert("chat", {{"id", fmt::format("{:02}-{}", set * 37 % 64, person)},
                             {"user_id", person},
                             {"title", fmt::format("\"{}\" \n", set)},
                             {"created_at", time - 1},
                             {"updated_at", time},
                             {"archived", static_cast<int>(set % 2)},
                             {"pinned", 0},
                             {"chat", R"({"n": 12345678901234567890, "history": {}})"},
                             {"meta", json::serialize(json::object{{"tags", tags}})}});
      }
    }
  };

  static void SetUpTestSuite() { world_ = std::make_unique<World>(); }
  static void TearDownTestSuite() { world_.reset(); }

  static Response ask(RestClient& client, const std::string& query) {
    return client.get(fmt::format("{}?{}", path, query));
  }
  static std::string parameters(const std::string& person, const Names& tags, std::string_view mode) {
    std::string query = fmt::format("userId={}&mode={}", percent_encode(person), mode);
    for (const std::string& tag : tags) query += "&tags=" + percent_encode(tag);
    // One name alone would be split at its commas.
    return query + (tags.size() == 1 ? "&tags=" : "");
  }
  static std::string message(const Response& response) {
    return fmt::format("{} {}", response.status, std::string_view(response.body.as_object().at("message").as_string()));
  }
  static Names ids(const Response& response) {
    Names all;
    for (const json::value& item : response.body.as_object().at("items").as_array()) {
      all.emplace_back(item.as_object().at("id").as_string());
    }
    return all;
  }

  /// Ids of chats in the order that the route promises, from the arrays in SQL.
  static Names expected(const std::string& person, const Names& tags, bool all) {
    SqliteFile file(world_->sql, SqliteFile::Mode::read);
    Names found;
    for (const Row& row : file.rows("SELECT id, json_extract(meta, '$.tags') FROM chat WHERE user_id = ? ORDER BY "
                                    "updated_at DESC, id DESC",
                                    {person})) {
      std::set<std::string> there;
      if (row[1].storage == Cell::Class::text) {
        const json::value array = json::parse(row[1].bytes);
        for (const json::value& tag : array.as_array()) there.emplace(tag.as_string());
      }
      const auto has = [&](const std::string& tag) { return there.contains(tag); };
      if (all ? std::all_of(tags.begin(), tags.end(), has) : std::any_of(tags.begin(), tags.end(), has)) {
        found.push_back(row[0].bytes);
      }
    }
    return found;
  }

  static std::unique_ptr<World> world_;
};
std::unique_ptr<TaggedChats::World> TaggedChats::world_;

TEST_F(TaggedChats, AllSetsOfFiveTagsInBothModesAreWhatTheArraysSay) {
  RestClient client = world_->server->superuser();
  std::size_t compared = 0;
  for (const std::string& person : world_->people) {
    for (unsigned set = 1; set < 1U << hostile.size(); ++set) {
      Names tags;
      for (std::size_t i = 0; i < hostile.size(); ++i) {
        if ((set >> i & 1U) != 0) tags.push_back(hostile[i]);
      }
      for (const bool all : {true, false}) {
        const std::string query = parameters(person, tags, all ? "all" : "any");
        SCOPED_TRACE(query);
        const Names wanted = expected(person, tags, all);
        ASSERT_FALSE(wanted.empty());
        for (const auto& [skip, limit] : {std::pair(0U, 500U), {0U, 3U}, {5U, 4U}, {31U, 1U}, {40U, 10U}}) {
          const Response response = ask(client, fmt::format("{}&fields=id&skip={}&limit={}", query, skip, limit));
          ASSERT_EQ(response.status, 200) << response.text;
          const std::size_t first = std::min<std::size_t>(skip, wanted.size());
          const std::size_t last = std::min<std::size_t>(skip + limit, wanted.size());
          EXPECT_EQ(ids(response), Names(wanted.begin() + static_cast<std::ptrdiff_t>(first),
                                         wanted.begin() + static_cast<std::ptrdiff_t>(last)));
          EXPECT_EQ(response.body.as_object().at("total").to_number<std::size_t>(), wanted.size());
          ++compared;
        }
      }
    }
  }
  EXPECT_EQ(compared, 2U * 31U * 2U * 5U);
  const Names unknown{"work", "nobody_made_this"};  // it stands in the arrays, but nobody has such a tag
  EXPECT_EQ(ask(client, parameters(world_->people[0], unknown, "all")).text, R"({"items":[],"total":0})");
  EXPECT_EQ(ids(ask(client, parameters(world_->people[0], unknown, "any") + "&fields=id")),
            expected(world_->people[0], {"work"}, false));
  EXPECT_EQ(ask(client, parameters("nobody", {"work"}, "all")).text, R"({"items":[],"total":0})");

  const std::string person = percent_encode(world_->people[0]);
  EXPECT_EQ(ids(ask(client, fmt::format("userId={}&tags=work,q%26a", person))),  // all of them, unless said otherwise
            expected(world_->people[0], {"work", "q&a"}, true));

  Names many = hostile;
  for (int i = 0; i < 95; ++i) many.push_back(fmt::format("unknown{}", i));
  for (const std::string& owner : world_->people) {
    EXPECT_EQ(ids(ask(client, parameters(owner, many, "any") + "&fields=id&limit=500")), expected(owner, many, false));
  }
  many.emplace_back("one more");
  EXPECT_EQ(message(ask(client, parameters(world_->people[0], many, "any"))),
            "400 The parameter tags takes at most 100 names.");

  // Open WebUI's own chats and tags, too.
  SqliteFile file(world_->sql, SqliteFile::Mode::read);
  std::size_t found = 0;
  for (const Row& row : file.rows("SELECT id, user_id FROM tag")) {
    const Names tags{row[0].bytes};
    const Names wanted = expected(row[1].bytes, tags, true);
    EXPECT_EQ(ids(ask(client, parameters(row[1].bytes, tags, "all") + "&fields=id&limit=500")), wanted) << tags[0];
    found += wanted.size();
  }
  EXPECT_GT(found, 2 * 16 * hostile.size());
}

TEST_F(TaggedChats, ItemsShowColumnsAsSqlHasThemAndWhatIsWrittenIsFoundAtOnce) {
  RestClient client = world_->server->superuser();
  const std::string& person = world_->people[0];
  const std::string query = parameters(person, hostile, "all");
  const std::string id = expected(person, hostile, true).at(0);
  EXPECT_EQ(
      ask(client, query).text,
      fmt::format(R"({{"items":[{{"id":"{}","user_id":"{}","title":"\"31\" \n",)"
                  R"("chat":{{"n": 12345678901234567890, "history": {{}}}},"updated_at":{},"created_at":{},)"
                  R"("share_id":null,"archived":true,"pinned":false,"meta":{},"variables":null,)"
                  R"("folder_id":null,"tasks":null,"summary":null}}],"total":1}})",
                  id, person, 1700000000 + 31 * 7919 % 13, 1699999999 + 31 * 7919 % 13,
                  SqliteFile(world_->sql, SqliteFile::Mode::read).text("SELECT meta FROM chat WHERE id = ?", {id})));
  EXPECT_EQ(ask(client, query + "&fields=title,archived").text,
            R"({"items":[{"title":"\"31\" \n","archived":true}],"total":1})");

  const std::string& other = world_->people[1];
  const auto found = [&](const Names& tags) {
    return ids(ask(client, parameters(other, tags, "all") + "&fields=id&limit=500"));
  };
  const Response tag =
      client.post(RestClient::records("tags"), {{"id_normalized", "r&d"}, {"name", "R&D"}, {"user_id", other}});
  ASSERT_EQ(tag.status, 200) << tag.text;
  const json::string& tag_id = tag.body.as_object().at("id").as_string();
  EXPECT_EQ(found({"r&d"}), Names());
  const Names ampersand = found({"q&a"});
  ASSERT_EQ(ampersand.size(), 16U);
  // PocketBase writes the list anew, and with it `&` in another spelling.
  const Response patched =
      client.patch(RestClient::record("chats", ampersand[3]), {{"tags+", tag_id}, {"title", "changed"}});
  ASSERT_EQ(patched.status, 200) << patched.text;
  EXPECT_EQ(found({"r&d"}), Names{ampersand[3]});
  EXPECT_EQ(found({"q&a"}), ampersand);
  EXPECT_EQ(found({"r&d", "q&a"}), Names{ampersand[3]});
  ASSERT_EQ(client.remove(RestClient::record("chats", ampersand[3])).status, 204);
  EXPECT_EQ(found({"r&d"}), Names());
  EXPECT_EQ(found({"q&a"}).size(), 15U);

  SqliteFile file(world_->directory / "pb_data" / "data.db", SqliteFile::Mode::read);
  const std::string plan = file.rows(
                                   "EXPLAIN QUERY PLAN SELECT id FROM chats WHERE user_id = 'u' AND instr(tags, 'x') > "
                                   "0 ORDER BY updated_at DESC, id DESC LIMIT 50 OFFSET 0")
                               .at(0)
                               .at(3)
                               .bytes;
  EXPECT_EQ(plan, "SEARCH chats USING COVERING INDEX idx_chats__user_id__updated_at__id__tags (user_id=?)");
}

TEST_F(TaggedChats, PeopleSeeTheirOwnAndWhatIsNoQuestionIsRefused) {
  RestClient superuser = world_->server->superuser();
  RestClient client = world_->server->client();
  const std::string mine = parameters(world_->people[0], {"work"}, "all") + "&fields=id&limit=500";
  EXPECT_EQ(message(ask(client, mine)), "401 The request requires valid record authorization token.");
  const Response token =
      superuser.post("/api/collections/users/impersonate/" + percent_encode(world_->people[0]), json::object{});
  ASSERT_EQ(token.status, 200) << token.text;
  client.set_token(std::string(token.body.as_object().at("token").as_string()));
  EXPECT_EQ(ids(ask(client, mine)), expected(world_->people[0], {"work"}, true));
  EXPECT_EQ(message(ask(client, parameters(world_->people[1], {"work"}, "all"))),
            "403 The parameter userId names somebody else; that is for superusers.");
  EXPECT_EQ(message(ask(client, "tags=work")), "400 The parameter userId is missing.");

  client = world_->server->superuser();
  const std::string columns =
      "id, user_id, title, chat, updated_at, created_at, share_id, archived, pinned, meta, variables, folder_id, "
      "tasks, "
      "summary";
  const std::vector<std::pair<std::string, std::string>> cases{
      {"tags=a", "userId is missing."},
      {"userId=u", "tags names nothing."},
      {"userId=u&tags=", "tags names nothing."},
      {"userId=u&tags=,,", "tags names nothing."},
      {"userId=u&tags=%FF", "tags is no UTF-8."},
      {"userId=u&tags=a&mode=none", "mode takes all or any."},
      {"userId=u&tags=a&skip=-1", "skip takes a whole number from 0 to 999999999."},
      {"userId=u&tags=a&skip=1e3", "skip takes a whole number from 0 to 999999999."},
      {"userId=u&tags=a&limit=0", "limit takes a whole number from 1 to 500."},
      {"userId=u&tags=a&limit=501", "limit takes a whole number from 1 to 500."},
      {"userId=u&tags=a&limit=ten", "limit takes a whole number from 1 to 500."},
      {"userId=u&tags=a&fields=id,residue", fmt::format("fields takes {}, and not residue.", columns)},
  };
  for (const auto& [query, words] : cases) {
    EXPECT_EQ(message(ask(client, query)), "400 The parameter " + words) << query;
  }
  // What could be SQL is a name like others.
  EXPECT_EQ(ask(client, "userId=u&tags=" + percent_encode("x') OR 1=1 --")).text, R"({"items":[],"total":0})");
}

}  // namespace
}  // namespace twoway::test
