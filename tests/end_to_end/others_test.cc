// Nobody else at the table: who comes while a run is under way is refused, or noticed.
#include <gtest/gtest.h>

#include <regex>

#include "tests/end_to_end/journey.h"
#include "tests/end_to_end/postgresql_journey.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/places.h"
#include "tests/support/pocketbase_server.h"
#include "tests/support/process.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;

/// Does something once, in the middle of a run that waits for it.
class InTheMiddle {
 public:
  explicit InTheMiddle(std::function<void()> action) : action_(std::move(action)) {}
  RunOptions options() {
    RunOptions options;
    options.progress = [this](const Progress& progress) {
      if (done_ || progress.phase != Progress::Phase::migrate || progress.entity != "chat_message") return;
      done_ = true;
      action_();
    };
    return options;
  }
  bool done() const { return done_; }

 private:
  std::function<void()> action_;
  bool done_ = false;
};

std::string without_numbers(const std::string& text) {
  return std::regex_replace(text, std::regex("(process|session) [0-9]+"), "$1 N");
}

ProcessResult migrate_beside(const fs::path& from, const std::string& to, const std::vector<std::string>& more) {
  std::vector<std::string> command{program("twoway").string(), "migrate", "--yes", "--from", from.string(), "--to", to};
  command.insert(command.end(), more.begin(), more.end());
  return run(command);
}

TEST(Others, APocketBaseThatIsStartedInTheMiddleFails) {
  const TemporaryDirectory directory("others");
  const fs::path original = real(directory.path());
  const fs::path target = directory / "pb_data";
  InTheMiddle start([&] {
    const std::string address = "127.0.0.1:" + std::to_string(free_port());
    const ProcessResult result = run({pocketbase_program().string(), "serve", "--dir", target.string(), "--http",
                                      address, "--migrationsDir", (directory / "none").string()});
    // It waits ten seconds for the lock.
    EXPECT_EQ(result.status, 1) << result.describe();
    EXPECT_NE((result.output + result.errors).find("database is locked (5) (SQLITE_BUSY)"), std::string::npos)
        << result.describe();
  });
  expect_faithful(carry(original, target, start.options()));
  EXPECT_TRUE(start.done());
  const fs::path returned = directory / "returned.db";
  expect_faithful(carry(target, returned));
  EXPECT_EQ(differences(original, returned), "");
  PocketBaseServer server(target);  // afterwards it may
  EXPECT_EQ(server.superuser().get("/api/collections/chats/records?perPage=1").status, 200);
}

TEST(Others, ASecondTwowayOnTheSameTargetOrState) {
  const TemporaryDirectory directory("others");
  const fs::path original = real(directory.path());
  const fs::path target = directory / "pb_data";
  InTheMiddle second([&] {
    const ProcessResult same = migrate_beside(original, target.string(), {});
    EXPECT_EQ(same.status, 2) << same.describe();
    EXPECT_EQ(same.errors, "error: another twoway (process " + std::to_string(getpid()) + ") works with " +
                               target.string() +
                               ".twoway\nhint: Wait for it, or stop it and run the same command "
                               "again.\n");
    const ProcessResult other = migrate_beside(original, target.string(), {"--state", (directory / "state").string()});
    EXPECT_EQ(other.status, 2) << other.describe();
    EXPECT_EQ(other.errors, "error: another end_to_end_tests (process " + std::to_string(getpid()) + ") writes to " +
                                target.string() + "\nhint: Wait until it has ended, or end it.\n");
    EXPECT_FALSE(fs::exists(directory / "state")) << "nothing was written";
  });
  expect_faithful(carry(original, target, second.options()));
  EXPECT_TRUE(second.done());
}

TEST(Others, ASecondTwowayOnTheSamePostgresqlDatabase) {
  const TemporaryDirectory directory("others");
  const fs::path original = real(directory.path());
  const std::string url = shared_cluster().url(shared_cluster().create_database());
  InTheMiddle second([&] {
    const ProcessResult result = migrate_beside(original, url, {"--state", (directory / "other").string()});
    EXPECT_EQ(result.status, 2) << result.describe();
    EXPECT_NE(without_numbers(result.errors)
                  .find(" is in use by twoway (process N) (user webui from 127.0.0.1, session N)\nhint: Stop it and "),
              std::string::npos)
        << result.errors;
    EXPECT_FALSE(fs::exists(directory / "other")) << "nothing was written";
    EXPECT_NE(result.errors.find("twoway (process " + std::to_string(getpid()) + ")"), std::string::npos);
  });
  expect_faithful(run(original, url, directory, second.options()));
  EXPECT_TRUE(second.done());
}

TEST(Others, SessionsOfAPostgresqlDatabase) {
  const TemporaryDirectory directory("others");
  const fs::path original = real(directory.path());
  const std::string name = shared_cluster().create_database();
  const std::string url = shared_cluster().url(name);
  BackgroundProcess shop(
      {postgresql_program("psql").string(), url + "?application_name=shop", "-c", "SELECT pg_sleep(300)"},
      directory / "psql.log");
  while (sql(name, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'shop'") != "1") {
  }
  const ProcessResult refused = migrate_beside(original, url, {"--state", (directory / "other").string()});
  EXPECT_EQ(refused.status, 2) << refused.describe();
  EXPECT_NE(without_numbers(refused.errors)
                .find(" is in use by shop (user webui from 127.0.0.1, session N)\nhint: Stop it and try again, or say "
                      "--while-open: the target is locked against it as far as its database can.\n"),
            std::string::npos)
      << refused.errors;
  EXPECT_EQ(sql(name, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), "0") << "nothing was written";
  RunOptions told;
  told.while_open = true;
  expect_faithful(run(original, url, directory, told));
  // As a source it is read in one snapshot, whoever is there; that is said.
  const RunReport back = run(url, directory / "returned.db", directory);
  expect_faithful(back);
  std::string said;
  for (const Note& note : back.notes) {
    if (note.what == Note::What::in_use) said += note.text + "\n";
  }
  EXPECT_EQ(without_numbers(said), "shop (user webui from 127.0.0.1, session N) has it open\n");
}

class AtAServer : public testing::Test {
 protected:
  AtAServer() : server_(directory_ / "served") {
    setenv("POCKETBASE_SUPERUSER_EMAIL", PocketBaseServer::superuser_email, 1);
    setenv("POCKETBASE_SUPERUSER_PASSWORD", PocketBaseServer::superuser_password, 1);
  }
  TemporaryDirectory directory_{"others"};
  PocketBaseServer server_;
};

TEST_F(AtAServer, ASecondTwowayAndAChangeOfTheSource) {
  const fs::path original = real(directory_.path());
  InTheMiddle second([&] {
    const ProcessResult result = migrate_beside(original, server_.url(), {"--state", (directory_ / "other").string()});
    EXPECT_EQ(result.status, 2) << result.describe();
    EXPECT_EQ(result.errors, "error: another end_to_end_tests (process " + std::to_string(getpid()) + ") writes to " +
                                 server_.url() + "\nhint: Wait until it has ended, or end it.\n");
    EXPECT_FALSE(fs::exists(directory_ / "other")) << "nothing was written";
  });
  expect_faithful(run(original, server_.url(), directory_, second.options()));
  EXPECT_TRUE(second.done());
  InTheMiddle write([&] {
    RestClient client = server_.superuser();
    EXPECT_EQ(client
                  .request("POST", "/api/collections/configs/records",
                           R"({"id":"meanwhile","value":1,"updated_at":"2026-01-01 00:00:00.000Z"})")
                  .status,
              200);
  });
  const RunReport report = run(server_.url(), directory_ / "returned.db", directory_, write.options());
  EXPECT_TRUE(write.done());
  EXPECT_EQ(report.status, ExitStatus::differences);
  ASSERT_FALSE(report.differences.empty());
  EXPECT_EQ(report.differences.back().found, "written to by another program");
}

TEST(Others, ADataDirectoryThatIsWrittenToMeanwhileIsNoticed) {
  const TemporaryDirectory directory("others");
  const fs::path pocketbase = directory / "pb_data";
  carry(real(directory.path()), pocketbase);
  InTheMiddle write([&] { SqliteFile(pocketbase / "data.db").execute("UPDATE chats SET title = 'meanwhile'"); });
  const RunReport report = carry(pocketbase, directory / "returned.db", write.options());
  EXPECT_EQ(report.status, ExitStatus::differences);
  ASSERT_FALSE(report.differences.empty());
  EXPECT_EQ(report.differences.back().found, "written to by another program");
}

TEST(Others, APostgresqlSourceThatIsWrittenToMeanwhileIsNoticed) {
  const TemporaryDirectory directory("others");
  const std::string name = real_postgresql();
  InTheMiddle write([&] { sql(name, "UPDATE chat SET title = 'meanwhile'"); });
  const RunReport report = run(shared_cluster().url(name), directory / "pb_data", directory, write.options());
  EXPECT_EQ(report.status, ExitStatus::differences);
  ASSERT_FALSE(report.differences.empty());
  EXPECT_EQ(report.differences.back().found, "written to by another program");
}

}  // namespace
}  // namespace twoway::test
