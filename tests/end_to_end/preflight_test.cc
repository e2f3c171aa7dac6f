// What is looked at before the first write: everything that stops a run or that somebody should look at is listed, and
// where the answer is no, nothing is written.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <regex>

#include "runtime/migrate/stores.h"
#include "tests/end_to_end/journey.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/places.h"
#include "tests/support/process.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

/// Every file and directory below, with size, time and inode.
std::string tree(const fs::path& root) {
  std::vector<std::string> lines;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const auto time = entry.last_write_time().time_since_epoch().count();
    const auto size = entry.is_regular_file() ? entry.file_size() : 0;
    lines.push_back(entry.path().string() + " " + std::to_string(size) + " " + std::to_string(time) + "\n");
  }
  std::sort(lines.begin(), lines.end());
  std::string all;
  for (const std::string& line : lines) all += line;
  return all;
}

const Note* find_note(const std::vector<Note>& notes, Note::What what, const std::string& subject) {
  for (const Note& note : notes) {
    if (note.what == what && note.subject == subject) return &note;
  }
  return nullptr;
}

std::string_view text(const json::value& object, std::string_view name) { return object.at(name).as_string(); }

class Preflight : public testing::Test {
 protected:
  Preflight() : source_(real(directory_.path())), target_(directory_ / "pb_data") {}

  ProcessResult twoway(const std::string& verb, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{
        program("twoway").string(),   verb, "--from", source_.string(), "--to", target_.string(), "--pocketbase",
        pocketbase_program().string()};
    if (verb == "migrate") arguments.push_back("--yes");
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
  RunReport planned(const fs::path& from, const fs::path& to) const {
    RunOptions options;
    options.from = from.string();
    options.to = to.string();
    options.pocketbase = pocketbase_program().string();
    return plan(mapping_under_test(), options);
  }
  /// Another program that has a file open, for reading and writing or only for reading.
  std::unique_ptr<BackgroundProcess> holder(const fs::path& file, bool writes) const {
    const fs::path ready = directory_ / "ready";
    fs::remove(ready);
    auto process = std::make_unique<BackgroundProcess>(
        std::vector<std::string>{"sh", "-c",
                                 std::string("exec 9") + (writes ? "<>" : "<") + "\"$0\"; : > \"$1\"; exec sleep 300",
                                 file.string(), ready.string()},
        directory_ / "holder.log");
    while (!fs::exists(ready)) usleep(1000);
    // sh has become sleep by the time that its name is asked for, or is about to.
    while (read_file("/proc/" + std::to_string(process->id()) + "/comm") != "sleep\n") usleep(1000);
    fs::remove(ready);
    return process;
  }
  /// What the run says, its directory as DIR and process numbers as N.
  std::string plain(std::string text) const {
    const std::string path = directory_.path().string();
    for (std::size_t at = text.find(path); at != std::string::npos; at = text.find(path)) {
      text.replace(at, path.size(), "DIR");
    }
    return std::regex_replace(text, std::regex("process [0-9]+"), "process N");
  }

  TemporaryDirectory directory_{"preflight"};
  fs::path source_;
  fs::path target_;
};

TEST_F(Preflight, PlanListsOrphansDuplicatesAndResidueWithKeys) {
  {
    SqliteFile file(source_);
    file.execute(
        "DROP INDEX IF EXISTS uq_user_email_lower;"
        "INSERT INTO user (id, name, email, role, created_at, updated_at, last_active_at) VALUES"
        " ('twin-1', 'N', 'Twin@example.com', 'user', 1, 1, 1), ('twin-2', 'N', 'twin@EXAMPLE.com', 'user', 1, 1, 1);"
        "INSERT INTO auth (id, email, password, active) VALUES ('twin-1', 'Twin@example.com', '', 1),"
        " ('twin-2', 'twin@EXAMPLE.com', '', 1);"
        "INSERT INTO memory (id, user_id, content, created_at, updated_at) VALUES ('m1', 'nobody', 'x', 1, 1),"
        " ('m2', 'nobody', 'x', 1, 1);"
        "UPDATE chat SET folder_id = 'no-such-folder' WHERE id = (SELECT min(id) FROM chat);"
        "CREATE TABLE forktable (a); INSERT INTO forktable VALUES (1)");
    for (const Row& index : file.rows("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql LIKE '%lower%'")) {
      file.execute("DROP INDEX " + identifier(index[0].bytes));
    }
    file.execute("UPDATE user SET email = 'twin@EXAMPLE.com' WHERE id = 'twin-2'");
  }
  const std::string before = tree(directory_.path());
  const ProcessResult result = twoway("plan", {"--json"});
  EXPECT_EQ(tree(directory_.path()), before) << "plan writes nothing";
  EXPECT_EQ(result.status, 1) << result.describe();  // one row would be rejected
  const json::value document = json::parse(result.output);
  const auto note = [&](std::string_view what, std::string_view subject) -> json::object {
    for (const json::value& found : document.at("notes").as_array()) {
      if (text(found, "what") == what && text(found, "subject") == subject) return found.as_object();
    }
    ADD_FAILURE() << "no " << what << " of " << subject << "\n" << result.output;
    return {{"count", 0}, {"keys", json::array()}, {"weight", ""}, {"choice", ""}, {"entity", ""}, {"column", ""}};
  };
  const json::object memory = note("orphan", "memory.user_id");
  EXPECT_EQ(memory.at("count"), 2);
  EXPECT_EQ(memory.at("keys"), (json::array{"m1", "m2"}));
  EXPECT_EQ(memory.at("weight"), "look");
  EXPECT_EQ(memory.at("entity"), "memory");
  EXPECT_EQ(memory.at("column"), "user_id");
  EXPECT_EQ(memory.at("choice"),
            "leave it: the relation user_id is empty in PocketBase; or, before the move, delete the rows, make the "
            "missing user, or empty user_id. The rows: SELECT * FROM \"memory\" WHERE \"id\" IN ('m1', 'm2')");
  EXPECT_EQ(note("orphan", "chat.folder_id").at("keys").as_array().size(), 2U) << "a key of two parts";
  EXPECT_EQ(note("unknown_table", "table forktable").at("weight"), "information");
  EXPECT_EQ(note("purged", "auth.session_stamp").at("weight"), "information");
  EXPECT_NE(note("residue", "note.created_at").at("count"), 0) << "nanoseconds";
  EXPECT_NE(note("version", source_.string()).at("weight"), "");
  const json::array& rejected = document.at("rejected").as_array();
  ASSERT_EQ(rejected.size(), 1U);
  EXPECT_EQ(rejected[0].at("key"), "twin-2");
  EXPECT_EQ(rejected[0].at("reason"), "UNIQUE constraint failed: users.email (it is taken by twin-1)");

  // The migration says the same beforehand, and its receipt afterwards.
  const ProcessResult migrated = twoway("migrate", {"--json"});
  EXPECT_EQ(migrated.status, 1) << migrated.describe();
  EXPECT_NE(migrated.errors.find("memory.user_id (2): no user of that key"), std::string::npos) << migrated.errors;
  EXPECT_LT(migrated.errors.find("twin-2 will be rejected: UNIQUE constraint failed: users.email"),
            migrated.errors.find("made the collections"))
      << migrated.errors;
  const json::value receipt = json::parse(migrated.output);
  const auto of_conversion = [](const json::value& report) {
    json::array found;
    for (const json::value& one : report.at("notes").as_array()) {
      if (text(one, "what") == "orphan" || text(one, "what") == "residue") found.push_back(one);
    }
    return found;
  };
  EXPECT_EQ(of_conversion(receipt), of_conversion(document));
}

TEST_F(Preflight, TheDatabaseFindsTheOrphansThatTheConversionFinds) {
  const fs::path database = hard(directory_.path());
  const RunReport all = planned(database, target_);
  const auto store = open_sql(mapping_under_test(), parse_store(database.string()), Use::source, {});
  std::map<std::string, std::uint64_t> asked, converted;
  for (const Entity* entity : mapping_under_test().entities) {
    store->read_orphans(*entity, [&](const RelationEdge& relation, std::string_view) {
      ++asked[std::string(entity->name) + "." + std::string(relation.column)];
    });
    for (const Note& note : all.notes) {
      const bool mirror = note.column.find("[]") != std::string::npos;
      if (note.what == Note::What::orphan && note.entity == entity->name && !mirror)
        converted[note.subject] = note.count;
    }
  }
  EXPECT_EQ(asked, converted);
  EXPECT_GT(asked.size(), 5U);
}

TEST_F(Preflight, PlanOfTheWayBackFindsWhatSqlWouldRefuseAndRelationsThatLeadNowhere) {
  carry(source_, target_);
  {
    SqliteFile file(target_ / "data.db");
    file.execute(
        "UPDATE memories SET user_id = 'nobody0' WHERE id = (SELECT min(id) FROM memories);"
        "INSERT INTO tools (id, content, created) SELECT 'made_here', '', '2026-01-01 00:00:00.000Z'");
  }
  const fs::path returned = directory_ / "returned.db";
  const RunReport report = planned(target_, returned);
  const Note* const orphan = find_note(report.notes, Note::What::orphan, "memory.user_id");
  ASSERT_NE(orphan, nullptr);
  EXPECT_EQ(orphan->count, 1U);
  EXPECT_EQ(orphan->choice, "empty user_id in PocketBase, or leave it: SQL gets the reference as it stands");
  std::string refused;
  for (const RejectedRow& row : report.rejected) refused += row.entity + " " + row.key + ": " + row.reason + "\n";
  const RunReport run = carry(target_, returned);
  std::string rejected;
  for (const RejectedRow& row : run.rejected) rejected += row.entity + " " + row.key + ": " + row.reason + "\n";
  EXPECT_EQ(refused, rejected) << "the plan says what the run does";
}

TEST_F(Preflight, TooLittleRoomStopsBeforeAnythingIsWritten) {
  fs::resize_file(source_, std::uintmax_t{4} << 40);  // a hole of 4 TB; SQLite goes by the size in its header
  const std::string before = tree(directory_.path());
  for (const std::string verb : {"plan", "migrate"}) {
    const ProcessResult result = twoway(verb);
    EXPECT_EQ(result.status, 2) << result.describe();
    EXPECT_EQ(tree(directory_.path()), before);
    const std::string text = plain(result.output + result.errors);
    EXPECT_TRUE(
        std::regex_search(text, std::regex("the disk of DIR has [0-9.]+ [kMGT]?B free, and the run needs about "
                                           "4\\.4 TB: 4\\.4 TB for the target \\(as much as the source has, less "
                                           "what the target has\\)")))
        << text;
  }
}

TEST_F(Preflight, ASourceThatIsOpenElsewhere) {
  const auto writer = holder(source_, true);
  const std::string before = tree(directory_.path());
  const ProcessResult refused = twoway("migrate");
  EXPECT_EQ(refused.status, 2) << refused.describe();
  EXPECT_EQ(tree(directory_.path()), before);
  EXPECT_EQ(plain(refused.errors)
                .find("error: DIR/real-0.12.4.db is in use by sleep (process N)\nhint: Stop it and try "
                      "again, or say --while-open: what it writes meanwhile does not go over, and the "
                      "run says so.\n"),
            0U)
      << refused.errors;
  EXPECT_NE(refused.errors.find("(process " + std::to_string(writer->id()) + ")"), std::string::npos);
  EXPECT_EQ(twoway("plan").status, 2);
  const ProcessResult told = twoway("migrate", {"--while-open"});
  EXPECT_EQ(told.status, 0) << told.describe();
}

TEST_F(Preflight, WhoOnlyReadsIsNamedAndLeftAlone) {
  carry(source_, target_);
  const auto reader = holder(source_, false);
  const auto agent = holder(target_ / "data.db", false);
  const ProcessResult result = twoway("migrate");
  EXPECT_EQ(result.status, 0) << result.describe();
  EXPECT_NE(plain(result.errors).find("DIR/real-0.12.4.db: sleep (process N) has it open for reading"),
            std::string::npos)
      << result.errors;
  EXPECT_NE(plain(result.errors).find("DIR/pb_data: sleep (process N) has it open for reading"), std::string::npos)
      << result.errors;
}

TEST_F(Preflight, EverythingThatStopsIsSaidAtOnce) {
  carry(source_, target_);
  SqliteFile(source_).execute("DELETE FROM memory WHERE id = (SELECT min(id) FROM memory)");
  const auto writer = holder(target_ / "data.db", true);
  const std::string before = tree(directory_.path());
  const ProcessResult result = twoway("migrate", {"--json"});
  EXPECT_EQ(result.status, 2) << result.describe();
  EXPECT_EQ(tree(directory_.path()), before);
  const json::value document = json::parse(result.output);
  EXPECT_EQ(plain(std::string(document.at("error").as_string())),
            "2 things keep the run from starting: (1) DIR/pb_data is in use by sleep (process N); (2) DIR/pb_data has "
            "rows that DIR/real-0.12.4.db does not have: 1 in memory");
  EXPECT_EQ(
      plain(std::string(document.at("hint").as_string())),
      "(1) Stop it and try again, or say --while-open: the target is locked against it as far as its database can. "
      "(2) Say --extra keep to leave them, or --extra delete to remove them (a backup is made first).");
  std::size_t stops = 0, keys = 0;
  for (const json::value& note : document.at("notes").as_array()) {
    if (text(note, "weight") == "stops") ++stops;
    const bool extra = text(note, "what") == "extra" && text(note, "weight") == "look";
    keys += extra ? note.at("keys").as_array().size() : 0;
  }
  EXPECT_EQ(stops, 2U);
  EXPECT_EQ(keys, 1U);
  const ProcessResult planned = twoway("plan", {"--extra", "keep", "--while-open"});
  EXPECT_EQ(planned.status, 0) << planned.describe();
}

}  // namespace
}  // namespace twoway::test
