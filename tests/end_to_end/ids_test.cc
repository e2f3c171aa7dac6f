// `twoway ids`: the table of pairs, from every kind of store, and what it says of arguments that make no sense.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/end_to_end/postgresql_journey.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/places.h"
#include "tests/support/process.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

class Ids : public testing::Test {
 protected:
  ProcessResult twoway(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), program("twoway").string());
    ProcessOptions options;
    options.working_directory = directory_.path();
    options.environment = {{"POCKETBASE", pocketbase_program().string()}};
    return run(arguments, options);
  }
  void migrate(const std::string& from, const std::string& to) const {
    const ProcessResult result = twoway({"migrate", "--from", from, "--to", to});
    ASSERT_EQ(result.status, 0) << result.describe();
  }
  std::string ids(const std::string& store, const std::string& entity, const std::string& form = "--csv") const {
    const ProcessResult result = twoway({"ids", store, "--entity", entity, form});
    EXPECT_EQ(result.status, 0) << result.describe();
    return result.output;
  }
  /// A database with tags and models whose keys PocketBase does not take as ids.
  void make_database() const {
    fs::rename(fresh(directory_.path()), directory_ / "webui.db");
    SqliteFile sql(directory_ / "webui.db");
    for (const char* id : {"gpt-4o:latest", "a/b \"c\", d", "plain"}) {
      sql.insert("model", {{"id", id},
                           {"user_id", "u"},
                           {"name", id},
                           {"params", "{}"},
                           {"meta", "{}"},
                           {"updated_at", 1},
                           {"created_at", 1},
                           {"is_active", 1}});
    }
    for (const char* user : {"u-1", "u-2"}) {
      sql.insert("tag", {{"id", "work"}, {"name", "Work"}, {"user_id", user}});
    }
  }

  TemporaryDirectory directory_{"ids"};
};

TEST_F(Ids, AreTheSameFromBothSidesAndFromAllStores) {
  make_database();
  EXPECT_EQ(ids("webui.db", "model"), R"(id,record_id
gpt-4o:latest,gpt-4o~3alatest
"a/b ""c"", d","a~2fb~20~22c~22,~20d"
plain,plain
)");
  const std::string tags = "id,user_id,record_id\nwork,u-1,work~_u-1\nwork,u-2,work~_u-2\n";
  EXPECT_EQ(ids("webui.db", "tag"), tags);
  migrate("webui.db", "pb_data");
  EXPECT_EQ(ids("pb_data", "tags"), tags) << "the collection's name will do";
  EXPECT_EQ(ids("pb_data", "model"), ids("webui.db", "model"));
  const std::string database = shared_cluster().create_database();
  migrate("pb_data", shared_cluster().url(database));
  EXPECT_EQ(ids(shared_cluster().url(database), "tag"), tags);
  EXPECT_EQ(ids("webui.db", "tag", "--json"), R"([
  {"key": {"id": "work", "user_id": "u-1"}, "record_id": "work~_u-1"},
  {"key": {"id": "work", "user_id": "u-2"}, "record_id": "work~_u-2"}
]
)");
  EXPECT_EQ(ids("webui.db", "note", "--json"), "[]\n");
}

TEST_F(Ids, OfRecordsThatPocketBaseMadeAreTheirOwn) {
  make_database();
  migrate("webui.db", "pb_data");
  SqliteFile(directory_ / "pb_data/data.db")
      .execute(
          "INSERT INTO tags (id, user_id, name, id_normalized, created) VALUES ('madethere000001', '', 'New', "
          "'new', '2026-01-01 00:00:00.000Z')");
  const std::string there = ids("pb_data", "tag");
  EXPECT_TRUE(there.ends_with(",madethere000001\n")) << there;
  migrate("pb_data", "returned.db");
  const std::string back = ids("returned.db", "tag");
  EXPECT_TRUE(back.ends_with(",madethere000001\n")) << "the side table knows the id: " << back;
}

TEST_F(Ids, OfEveryKindOfKeyAreValidJson) {
  fs::rename(hard(directory_.path()), directory_ / "hard.db");
  const json::value explained = json::parse(twoway({"explain", "--json"}).output);
  std::size_t pairs = 0;
  for (const json::value& entity : explained.at("entities").as_array()) {
    const std::string name(entity.at("entity").as_string());
    const json::value listed = json::parse(ids("hard.db", name, "--json"));
    for (const json::value& pair : listed.as_array()) {
      EXPECT_FALSE(pair.at("key").as_object().empty());
      EXPECT_TRUE(pair.at("record_id").is_string() || pair.at("record_id").is_null());
    }
    pairs += listed.as_array().size();
    const std::string csv = ids("hard.db", name);
    EXPECT_TRUE(csv.find(",record_id\n") != std::string::npos) << csv;
  }
  EXPECT_GT(pairs, 600U);
}

TEST_F(Ids, GoIntoAFileOrNowhere) {
  make_database();
  const ProcessResult result = twoway({"ids", "webui.db", "--entity", "tag", "--out", "tags.csv"});
  EXPECT_EQ(result.status, 0) << result.describe();
  EXPECT_EQ(result.output, "");
  EXPECT_EQ(read_file(directory_ / "tags.csv"), ids("webui.db", "tag"));
  const ProcessResult unknown = twoway({"ids", "webui.db", "--entity", "tagg", "--out", "none.csv"});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_EQ(unknown.errors,
            "error: no entity is named tagg\nhint: did you mean tag? twoway explain lists all of them\n");
  const ProcessResult missing = twoway({"ids", "missing.db", "--entity", "tag", "--out", "none.csv"});
  EXPECT_EQ(missing.status, 2) << missing.describe();
  EXPECT_FALSE(fs::exists(directory_ / "none.csv"));
  EXPECT_FALSE(fs::exists(directory_ / "none.csv.new"));
  const ProcessResult both = twoway({"ids", "webui.db", "--entity", "tag", "--csv", "--json"});
  EXPECT_EQ(both.status, 2);
  EXPECT_EQ(both.errors, "error: --csv and --json exclude each other\nhint: twoway ids --help lists the options\n");
}

}  // namespace
}  // namespace twoway::test
