// `twoway health`: whole texts, of stores that are well and of each ailment.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <boost/json.hpp>
#include <filesystem>

#include "tests/end_to_end/mapping_copy.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/places.h"
#include "tests/support/postgresql_cluster.h"
#include "tests/support/process.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

class Health : public testing::Test {
 protected:
  ProcessResult twoway(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), program("twoway").string());
    ProcessOptions options;
    options.working_directory = directory_.path();
    options.environment.emplace_back("POCKETBASE", pocketbase_program().string());
    return run(arguments, options);
  }
  /// The output behind the two lines that name the store and the mapping, which are checked.
  std::string health(const std::string& store, const std::string& what, int status) const {
    const ProcessResult result = twoway({"health", store});
    EXPECT_EQ(result.status, status) << result.describe();
    EXPECT_EQ(result.errors, "");
    const std::string head = fmt::format("store:   {}, {}\nmapping: openwebui-pocketbase\n\n", store, what);
    EXPECT_TRUE(result.output.starts_with(head)) << result.output;
    return result.output.substr(std::min(head.size(), result.output.size()));
  }

  TemporaryDirectory directory_{"health"};
};

constexpr std::string_view well = R"(ok       schema      collections, fields and their options are the mapping's
ok       rules       as the mapping has them
ok       indexes     as the mapping has them
ok       migrations  the mapping's are applied
ok       load        no interrupted run
ok       database    has every index that a collection declares
hint     superuser   there is none
                    -> pocketbase superuser upsert EMAIL PASSWORD --dir pb_data
hint     mail        no mail server is set: nobody can reset a password by himself
                    -> Settings > Mail settings in PocketBase's dashboard
ok       integrity   SQLite finds its file in order
ok       orphans     every reference leads somewhere

Healthy, 2 hints.
)";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

TEST_F(Health, OfADataDirectory) {
  ASSERT_EQ(twoway({"prepare", "pb_data"}).status, 0);
  EXPECT_EQ(health("pb_data", "PocketBase", 0), well);
  SqliteFile(directory_ / "pb_data" / "data.db")
      .execute(
          "UPDATE _params SET value = json_set(value, '$.smtp.enabled', json('true')) WHERE id = 'settings';"
          "INSERT INTO _superusers (id, email, password, tokenKey) VALUES ('a', 'a@example.com', 'x', 'y');");
  const std::string superuser =
      replaced(std::string(well),
               "hint     superuser   there is none\n                    -> pocketbase superuser upsert EMAIL "
               "PASSWORD --dir pb_data\n",
               "ok       superuser   there is one\n");
  const std::string mail =
      replaced(superuser,
               "hint     mail        no mail server is set: nobody can reset a password by himself\n"
               "                    -> Settings > Mail settings in PocketBase's dashboard\n",
               "hint     mail        links in mails lead to http://localhost:8090\n"
               "                    -> Settings > Application in PocketBase's dashboard: the application's URL\n");
  EXPECT_EQ(health("pb_data", "PocketBase", 0), replaced(mail, "Healthy, 2 hints.", "Healthy, 1 hint."));
  SqliteFile(directory_ / "pb_data" / "data.db")
      .execute(
          "UPDATE _params SET value = json_set(value, '$.meta.appURL', 'https://chat.example.com') WHERE id = "
          "'settings'");
  EXPECT_TRUE(health("pb_data", "PocketBase", 0).ends_with("\n\nHealthy.\n"));
}

TEST_F(Health, OfADataDirectoryWithAilments) {
  ASSERT_EQ(twoway({"prepare", "pb_data"}).status, 0);
  SqliteFile(directory_ / "pb_data" / "data.db").execute(R"(
      DROP INDEX idx_chats__folder_id;
      CREATE TABLE twoway_unfinished (what TEXT);
      UPDATE _collections SET listRule = '' WHERE name = 'chats';
      UPDATE _collections SET indexes = json_remove(indexes, '$[0]') WHERE name = 'notes';
      INSERT INTO chats (id, user_id, folder_id) VALUES ('c1', 'nobody', 'nowhere'), ('c2', 'nobody', '');)");
  EXPECT_EQ(health("pb_data", "PocketBase", 1),
            R"(ok       schema      collections, fields and their options are the mapping's
finding  rules       1 difference: chats.listRule
                    -> twoway drift says what differs from the mapping
finding  indexes     1 difference: notes.idx_notes__id
                    -> twoway drift says what differs from the mapping
ok       migrations  the mapping's are applied
finding  load        a run into this store was interrupted; indexes are set aside
                    -> run the same twoway migrate again, or go back with twoway restore
finding  database    1 index is declared and not there: idx_chats__folder_id
                    -> save the collection in PocketBase's dashboard: it makes them again
hint     superuser   there is none
                    -> pocketbase superuser upsert EMAIL PASSWORD --dir pb_data
hint     mail        no mail server is set: nobody can reset a password by himself
                    -> Settings > Mail settings in PocketBase's dashboard
ok       integrity   SQLite finds its file in order
finding  orphans     3 references lead nowhere: 1 in chats.folder_id, 2 in chats.user_id
                    -> PocketBase saves none of these records until the relation is emptied or its target is back

5 findings, 2 hints.
)");
  SqliteFile(directory_ / "pb_data" / "data.db")
      .execute(
          "DELETE FROM _migrations WHERE file = '1700000001_openwebui-pocketbase.js';"
          "DELETE FROM _collections WHERE name = 'tags'");
  const std::string other = health("pb_data", "PocketBase", 1);
  EXPECT_NE(other.find("finding  schema      1 difference: tags\n"), std::string::npos) << other;
  EXPECT_NE(
      other.find("finding  migrations  not applied: 1700000001_openwebui-pocketbase.js\n"
                 "                    -> apply them: pocketbase migrate up, or twoway prepare for a new PocketBase\n"),
      std::string::npos)
      << other;
  EXPECT_EQ(other.find("orphans"), std::string::npos);  // rows cannot be read
}

TEST_F(Health, OfSqlDatabases) {
  real(directory_.path());
  unpack("born-0.9.6", directory_.path());
  const std::string sqlite = fmt::format("SQLite {}", sqlite3_libversion());
  const std::string orphans =
      "9 references lead nowhere: 1 in api_key.user_id, 1 in channel_member.user_id, 1 in chat.current_message_id, 1 "
      "in "
      "chat.folder_id, 1 in chat_message.parent_id, 1 in knowledge_file.file_id, 1 in knowledge_file.knowledge_id, 1 "
      "in "
      "message.reply_to_id, 1 in message.user_id";
  EXPECT_EQ(health("real-0.12.4.db", sqlite, 0), fmt::format(R"(ok       revision    0bd252b206fb
ok       schema      tables, columns and keys are the mapping's
ok       indexes     as the mapping has them
ok       load        no interrupted run
ok       integrity   SQLite finds its file in order
hint     orphans     {}
                    -> nothing has to be done: a migration carries them, and they come back

Healthy, 1 hint.
)",
                                                             orphans));
  const ProcessResult quick = twoway({"health", "born-0.9.6.db", "--quick", "--json"});
  EXPECT_EQ(quick.status, 1);
  const json::value document = json::parse(quick.output);
  EXPECT_EQ(document.at("status"), 1);
  const json::array& checks = document.at("checks").as_array();
  ASSERT_EQ(checks.size(), 4U) << quick.output;
  EXPECT_EQ(checks[0].at("name"), "revision");
  EXPECT_EQ(checks[0].at("result"), "finding");
  EXPECT_EQ(checks[0].at("advice"), "let the application upgrade the database, or use the program for its version");
  EXPECT_EQ(checks[3].at("name"), "load");
  SqliteFile(directory_ / "real-0.12.4.db")
      .execute(
          "CREATE TABLE twoway_unfinished (what TEXT); CREATE TABLE damaged (a); INSERT INTO damaged VALUES (NULL);"
          "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = 'CREATE TABLE damaged (a NOT NULL)' WHERE name "
          "= "
          "'damaged'");
  const std::string damaged = health("real-0.12.4.db", sqlite, 1);
  EXPECT_NE(damaged.find("finding  load        a run into this store was interrupted; indexes are set aside\n"),
            std::string::npos)
      << damaged;
  EXPECT_NE(damaged.find("finding  integrity   SQLite finds its file damaged: NULL value in damaged.a\n"),
            std::string::npos)
      << damaged;
}

TEST_F(Health, OfAPostgresqlDatabase) {
  PostgresqlCluster& cluster = shared_cluster();
  const std::string database = cluster.create_database();
  ASSERT_EQ(twoway({"prepare", cluster.url(database)}).status, 0);
  const std::string fine = R"(ok       revision    0bd252b206fb
ok       schema      tables, columns and keys are the mapping's
ok       indexes     as the mapping has them
ok       load        no interrupted run
ok       orphans     every reference leads somewhere

Healthy.
)";
  const ProcessResult well_kept = twoway({"health", cluster.url(database)});
  EXPECT_EQ(well_kept.status, 0) << well_kept.describe();
  EXPECT_TRUE(well_kept.output.ends_with("\n\n" + fine)) << well_kept.output;
  cluster.sql(database,
              "CREATE TABLE twoway_unfinished (place bigint, kind text, table_name text, name text, definition text, "
              "columns text[], referenced_table text, referenced_columns text[])");
  const ProcessResult ill = twoway({"health", cluster.url(database)});
  EXPECT_EQ(ill.status, 1) << ill.describe();
  EXPECT_NE(ill.output.find("finding  load        a run into this store was interrupted; indexes are set aside\n"),
            std::string::npos) << ill.output;
}

TEST_F(Health, ThatCannotLookSaysWhy) {
  const ProcessResult missing = twoway({"health", "nowhere"});
  EXPECT_EQ(missing.status, 2);
  EXPECT_EQ(missing.errors, "error: nowhere does not exist\nhint: Check the path.\n");
  write_file(directory_ / "text.db", "no database at all, but long enough to be looked at as one");
  const ProcessResult text = twoway({"health", "text.db"});
  EXPECT_EQ(text.status, 2) << text.describe();
  EXPECT_EQ(twoway({"health"}).errors, "error: STORE is missing\nhint: twoway health --help lists the options\n");
}

}  // namespace
}  // namespace twoway::test
