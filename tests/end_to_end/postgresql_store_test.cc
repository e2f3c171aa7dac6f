// What a PostgreSQL database promises a run as a store: one writer, one snapshot, rows that stand or fall together.
#include <gtest/gtest.h>

#include <csignal>
#include <thread>

#include "runtime/report/verdict.h"
#include "runtime/store/postgresql/postgresql_store.h"
#include "runtime/store/row_buffer.h"
#include "runtime/transform/record_id.h"
#include "tests/end_to_end/journey.h"
#include "tests/end_to_end/postgresql_journey.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/places.h"
#include "tests/support/pocketbase_server.h"
#include "tests/support/sqlite_file.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using report::totals;

postgresql::Address address(const std::string& database) {
  return postgresql::parse_address(shared_cluster().url(database));
}

const Entity& entity(std::string_view name) {
  for (const Entity* candidate : mapping_under_test().entities) {
    if (candidate->name == name) return *candidate;
  }
  throw std::runtime_error("no entity " + std::string(name));
}

std::unique_ptr<PostgresqlStore> open(const std::string& database, Use use) {
  return std::make_unique<PostgresqlStore>(mapping_under_test(), address(database), use);
}

/// What opening says where it refuses.
std::string refusal(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), ExitStatus::cannot_start);
    return std::string(error.what()) + " | " + error.hint();
  }
  return {};
}

TEST(PostgresqlStore, OneRunAtATimeWrites) {
  const std::string database = real_postgresql();
  const auto first = open(database, Use::target);
  EXPECT_NE(refusal([&] { open(database, Use::target); })
                .find("another twoway writes to postgresql://"),
            std::string::npos);
  // Whoever only reads is welcome.
  EXPECT_EQ(open(database, Use::source)->version(), mapping_under_test().version_value);
}

TEST(PostgresqlStore, AnotherSchemaOrRevisionIsRefused) {
  const std::string empty = shared_cluster().create_database();
  EXPECT_NE(refusal([&] { open(empty, Use::source); })
                .find("lacks what the mapping openwebui-pocketbase expects: table "),
            std::string::npos);
  const std::string older = real_postgresql();
  sql(older, "UPDATE alembic_version SET version_num = 'deadbeef'");
  EXPECT_NE(refusal([&] { open(older, Use::source); })
                .find("is at revision 'deadbeef', the mapping"),
            std::string::npos);
  const std::string damaged = real_postgresql();
  sql(damaged, "ALTER TABLE chat DROP COLUMN title");
  EXPECT_NE(refusal([&] { open(damaged, Use::source); })
                .find("expects: column chat.title"),
            std::string::npos);
}

TEST(PostgresqlStore, ASourceIsReadInOneSnapshot) {
  const std::string database = real_postgresql();
  PostgresqlStore store(mapping_under_test(), address(database), Use::source);
  const std::uint64_t tags = store.count(entity("tag"));
  sql(database, "INSERT INTO tag (id, name, user_id) VALUES ('late', 'late', 'nobody')");
  EXPECT_EQ(store.count(entity("tag")), tags);
  std::uint64_t read = 0;
  for (const auto reader = store.read(entity("tag")); reader->next();) ++read;
  EXPECT_EQ(read, tags);
  RowBuffer row(entity("tag").row_bytes);
  std::vector<std::pair<std::string_view, Value>> unknown;
  const Value key[] = {Value::text("late"), Value::text("nobody")};
  EXPECT_FALSE(store.find(entity("tag"), key, row.get(), unknown));
}

TEST(PostgresqlStore, WritesBySomebodyElseAreNoticed) {
  const auto noticed = [](const char* statement) {
    const std::string database = real_postgresql();
    const auto store = open(database, Use::source);
    sql(database, statement);
    return store->changed_since_open();
  };
  EXPECT_TRUE(noticed("INSERT INTO tag (id, name, user_id) VALUES ('late', 'late', 'nobody')"));
  EXPECT_TRUE(noticed("UPDATE chat SET title = title || '!' WHERE id = (SELECT min(id) FROM chat)"));
  EXPECT_TRUE(noticed("DELETE FROM memory WHERE id = (SELECT min(id) FROM memory)"));
  EXPECT_TRUE(noticed("DROP TABLE oauth_session"));
  EXPECT_FALSE(noticed("SELECT 1"));
  EXPECT_FALSE(noticed("BEGIN; DELETE FROM memory; ROLLBACK"));
  EXPECT_FALSE(noticed("ANALYZE"));
  EXPECT_FALSE(noticed("SELECT * FROM chat FOR UPDATE"));
}

TEST(PostgresqlStore, AnotherDatabaseOfTheServerDoesNotMatter) {
  const std::string database = real_postgresql();
  const auto store = open(database, Use::source);
  sql(shared_cluster().create_database(), "CREATE TABLE t AS SELECT 1");
  EXPECT_FALSE(store->changed_since_open());
}

TEST(PostgresqlStore, ReadersAndLookUpsGoOnBesideEachOther) {
  for (const Use use : {Use::source, Use::target}) {
    PostgresqlStore store(mapping_under_test(), address(real_postgresql()), use);
    const auto all = [&](std::string_view name) {
      std::uint64_t rows = 0;
      for (const auto reader = store.read(entity(name)); reader->next();) ++rows;
      return rows;
    };
    const std::uint64_t messages = all("chat_message");
    for (int i = 0; i < 3; ++i) {
      const auto abandoned = store.read(entity("chat_message"));
      ASSERT_TRUE(abandoned->next());
      const auto other = store.read(entity("user"));
      ASSERT_TRUE(other->next());
      const Value key = cell(other->row(), entity("user").columns[entity("user").key[0]].offset);
      Arena arena;
      EXPECT_TRUE(store.resolver().record_id(entity("user"), {&key, 1}, arena).has_value());
      ASSERT_TRUE(abandoned->next());
    }
    EXPECT_EQ(all("chat_message"), messages);
    EXPECT_EQ(store.count(entity("chat_message")), messages);
  }
}

/// A prepared PostgreSQL database.
std::string prepared() {
  const std::string database = shared_cluster().create_database();
  prepare(mapping_under_test(), shared_cluster().url(database), {});
  return database;
}

TEST(PostgresqlStore, ARowThatAConstraintRefusesIsNamed) {
  const TemporaryDirectory directory("rejected");
  const fs::path original = real(directory.path());
  run(original, directory / "pb_data", directory);
  const std::string database = prepared();
  sql(database, "CREATE UNIQUE INDEX one_chat ON chat (archived); "
                "ALTER TABLE note ADD CONSTRAINT short CHECK (length(title) > 1000)");
  const RunReport report = run(directory / "pb_data", shared_cluster().url(database), directory);
  EXPECT_EQ(report.status, ExitStatus::differences);
  std::uint64_t chats = 0;
  for (const RejectedRow& row : report.rejected) {
    if (row.entity == "chat") {
      ++chats;
      EXPECT_EQ(row.column, "chat.archived");
      EXPECT_EQ(row.reason, "unique index one_chat");
    } else {
      EXPECT_EQ(row.entity, "note");
      EXPECT_EQ(row.reason, "check short");
    }
  }
  const std::uint64_t stand = std::stoul(sql(database, "SELECT count(*) FROM chat"));
  EXPECT_EQ(chats + stand, static_cast<std::uint64_t>(SqliteFile(original).integer("SELECT count(*) FROM chat")));
  EXPECT_EQ(sql(database, "SELECT count(*) FROM note"), "0");
  // Nothing of a rejected row stays behind.
  EXPECT_EQ(sql(database, "SELECT count(*) FROM twoway_residue WHERE entity IN ('chat', 'note', 'rows of chat', "
                          "'rows of note', 'values of note')"),
            "0");
}

TEST(PostgresqlStore, ARowAndItsJoinedRowStandOrFallTogether) {
  const TemporaryDirectory directory("joined");
  const fs::path original = real(directory.path());
  run(original, directory / "pb_data", directory);
  const std::string database = prepared();
  sql(database, "ALTER TABLE auth ADD CONSTRAINT not_bob CHECK (email <> 'bob@example.com')");
  const RunReport report = run(directory / "pb_data", shared_cluster().url(database), directory);
  ASSERT_EQ(report.rejected.size(), 1U);
  EXPECT_EQ(report.rejected[0].entity, "user");
  EXPECT_EQ(report.rejected[0].reason, "check not_bob");
  EXPECT_EQ(sql(database, "SELECT count(*) FROM \"user\" WHERE email = 'bob@example.com'"), "0");
  for (const EntityReport& one : report.entities) {
    if (one.name != "user") continue;
    EXPECT_EQ(one.inserted + one.rejected, one.read);
    EXPECT_EQ(one.rejected, 1U);
  }
  // Once it is gone, the row arrives, and the others count as unchanged.
  sql(database, "ALTER TABLE auth DROP CONSTRAINT not_bob");
  const RunReport again = run(directory / "pb_data", shared_cluster().url(database), directory);
  expect_faithful(again);
  for (const EntityReport& one : again.entities) {
    if (one.name != "user") continue;
    EXPECT_EQ(one.inserted, 1U);
    EXPECT_EQ(one.unchanged, one.read - 1);
  }
}

TEST(PostgresqlStore, AJoinedRowThatIsAbsentIsDeleted) {
  const TemporaryDirectory directory("absent");
  const std::string source = real_postgresql();
  const std::string target = real_postgresql();
  sql(source, "DELETE FROM auth WHERE email = 'bob@example.com'; UPDATE auth SET active = NOT active WHERE email = "
              "'admin@example.com'");
  run(shared_cluster().url(source), directory / "pb_data", directory);
  const RunReport report = run(directory / "pb_data", shared_cluster().url(target), directory);
  expect_faithful(report);
  EXPECT_EQ(contents(target), contents(source));
  for (const EntityReport& one : report.entities) {
    EXPECT_EQ(one.updated, one.name == "user" ? 2U : 0U) << one.name;
  }
}

TEST(PostgresqlStore, EditsInPocketBaseArriveAndNothingElseChanges) {
  const TemporaryDirectory directory("edits");
  const std::string original = real_postgresql();
  run(shared_cluster().url(original), directory / "pb_data", directory);
  std::string chat, bob, made;
  {
    const PocketBaseServer server(directory / "pb_data");
    RestClient client(server.superuser());
    bob = sql(original, "SELECT id FROM \"user\" WHERE email = 'bob@example.com'");
    chat = sql(original, "SELECT min(id) FROM chat WHERE user_id = '" + bob + "'");
    ASSERT_EQ(client.patch(RestClient::record("chats", chat), {{"title", "EDITED \u2603"}}).status, 200);
    const Response note =
        client.post(RestClient::records("notes"), {{"user_id", bob}, {"title", "made in PocketBase"}});
    ASSERT_EQ(note.status, 200) << note.text;
    made = note.body.as_object().at("id").as_string();
    ASSERT_EQ(client.post(RestClient::records("tags"), {{"name", "Brand New"}, {"id_normalized", "brand_new"},
                                                        {"user_id", bob}, {"id_comp", "brand_new:" + bob}})
                  .status,
              200);
  }
  const std::string returned = shared_cluster().create_database();
  expect_faithful(run(directory / "pb_data", shared_cluster().url(returned), directory));
  EXPECT_EQ(sql(returned, "SELECT title FROM note WHERE id = '" + made + "'"), "made in PocketBase");
  EXPECT_EQ(sql(returned, "SELECT user_id FROM tag WHERE id = 'brand_new'"), bob);
  // What PocketBase made keeps its ids there.
  expect_faithful(run(shared_cluster().url(returned), directory / "second", directory));
  for (const char* table : {"tags", "notes", "chats"}) {
    SqliteFile first(directory / "pb_data/data.db"), second(directory / "second/data.db");
    for (const std::string& column : first.columns(table)) {
      if (column == "residue") continue;  // what SQL makes of an empty field is noted there from now on
      const std::string all = "SELECT id, " + identifier(column) + " FROM " + table + " ORDER BY id";
      EXPECT_EQ(first.rows(all) == second.rows(all), true) << table << " " << column;
    }
  }
  sql(original, "UPDATE chat SET title = E'EDITED \\u2603' WHERE id = '" + chat + "'");
  sql(returned, "DELETE FROM note WHERE id = '" + made + "'; DELETE FROM tag WHERE id = 'brand_new'");
  EXPECT_EQ(contents(returned, "twoway_residue"), contents(original));
}

/// Starts the same run again and again and kills it a little later each time, until one comes through.
int run_until_it_comes_through(const std::string& from, const std::string& to, const TemporaryDirectory& directory) {
  using std::chrono::milliseconds;
  int killed = 0;
  for (milliseconds life{20};; life += life / 2) {
    BackgroundProcess run({program("twoway").string(), "migrate", "--yes", "--no-backup", "--quiet", "--from", from,
                           "--to", to, "--state", (directory / "state").string(), "--pocketbase",
                           pocketbase_program().string()},
                          directory / "log");
    std::this_thread::sleep_for(life);
    if (run.running()) {
      run.signal(SIGKILL);
      ++killed;
    }
    const ProcessResult result = run.wait(std::chrono::minutes(2));
    if (result.signal == SIGKILL) continue;
    EXPECT_EQ(result.status, 0) << result.describe() << run.log();
    return killed;
  }
}

TEST(KilledOnPostgresql, AndRunAgainGivesTheSame) {
  const TemporaryDirectory directory("killed");
  const fs::path original = hard(directory.path());
  run(original, directory / "pb_data", directory);
  const std::string killed = shared_cluster().create_database();
  const std::string undisturbed = shared_cluster().create_database();
  EXPECT_GT(run_until_it_comes_through((directory / "pb_data").string(), shared_cluster().url(killed), directory), 3);
  run(directory / "pb_data", shared_cluster().url(undisturbed), directory);
  // Rows that nothing tells apart are kept under names that differ each time.
  EXPECT_EQ(contents(killed, "twoway_residue"), contents(undisturbed, "twoway_residue"));
  EXPECT_EQ(indexes_and_constraints(killed), indexes_and_constraints(undisturbed));
  expect_faithful(run(shared_cluster().url(killed), directory / "second", directory));
  expect_faithful(run(directory / "second", directory / "returned.db", directory));
  EXPECT_EQ(differences(original, directory / "returned.db"), "");
}

}  // namespace
}  // namespace twoway::test
