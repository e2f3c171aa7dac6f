// Every pair of stores, there and back, through the program's own parts and the real servers.
#include <gtest/gtest.h>

#include "tests/end_to_end/journey.h"
#include "tests/end_to_end/openwebui_reader.h"
#include "tests/end_to_end/postgresql_journey.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/places.h"
#include "tests/support/pocketbase_server.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;

class AllPairs : public testing::Test {
 protected:
  AllPairs() {
    setenv("POCKETBASE_SUPERUSER_EMAIL", PocketBaseServer::superuser_email, 1);
    setenv("POCKETBASE_SUPERUSER_PASSWORD", PocketBaseServer::superuser_password, 1);
  }

  /// A run that must succeed; its state lies in the test's own directory.
  RunReport move(const std::string& from, const std::string& to) {
    RunOptions options;
    options.from = from;
    options.to = to;
    options.state_directory = (directory_ / ("state-" + std::to_string(++runs_))).string();
    options.pocketbase = pocketbase_program().string();
    const RunReport report = migrate(mapping_under_test(), options);
    expect_faithful(report);
    return report;
  }
  std::string path(const std::string& name) const { return (directory_ / name).string(); }
  std::string new_database() {
    database_ = shared_cluster().create_database();
    return shared_cluster().url(database_);
  }
  static std::uint64_t written(const RunReport& report) {
    std::uint64_t rows = 0;
    for (const EntityReport& entity : report.entities) rows += entity.inserted + entity.updated;
    return rows;
  }
  /// Every table but our own, sign-ins too.
  static std::string all_differences(const fs::path& a, const fs::path& b) {
    CompareOptions options;
    options.ignored_tables = {"twoway_residue"};
    const auto found = compare_databases(a, b, options);
    return found.empty() ? std::string() : describe_differences(found);
  }

  TemporaryDirectory directory_{"all_pairs"};
  std::string database_;  ///< the newest one
  int runs_ = 0;
};

TEST_F(AllPairs, SqliteThroughPostgresqlComesBackWhole) {
  for (const fs::path& source : {real(directory_.path()), hard(directory_.path()), upgraded(directory_.path())}) {
    const std::string postgresql = new_database();
    move(source.string(), postgresql);
    // What waits is tried again by each run, because its reason may be gone.
    EXPECT_EQ(written(move(source.string(), postgresql)), 0U) << source << ": a second run writes nothing";
    const fs::path returned = directory_ / ("returned-" + source.filename().string());
    move(postgresql, returned.string());
    EXPECT_EQ(all_differences(source, returned), "") << source;
  }
}

TEST_F(AllPairs, PostgresqlThroughSqliteComesBackWhole) {
  const std::string original = real_postgresql();
  move(shared_cluster().url(original), path("copy.db"));
  move(path("copy.db"), new_database());
  const std::string everything =
      "SELECT count(*) FROM oauth_session; SELECT id, session_stamp FROM auth ORDER BY id; "
      "SELECT id, token FROM oauth_session ORDER BY id";
  EXPECT_EQ(sql(original, everything), sql(database_, everything));
  EXPECT_EQ(contents(original), contents(database_, "twoway_residue"));
  EXPECT_EQ(indexes_and_constraints(original), indexes_and_constraints(database_));
}

TEST_F(AllPairs, ASchemaOfItsOwnIsUsed) {
  const std::string postgresql = new_database();
  sql(database_, "CREATE SCHEMA tenant");
  const fs::path source = real(directory_.path());
  ASSERT_EQ(setenv("DATABASE_SCHEMA", "tenant", 1), 0);
  const RunReport there = move(source.string(), postgresql);
  const RunReport back = move(postgresql, path("returned.db"));
  ASSERT_EQ(unsetenv("DATABASE_SCHEMA"), 0);
  EXPECT_TRUE(there.to.ends_with(" (schema tenant)")) << there.to;
  EXPECT_EQ(all_differences(source, path("returned.db")), "");
  EXPECT_EQ(
      sql(database_, "SELECT count(*) FROM tenant.chat; SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"),
      "14\n0");
}

TEST_F(AllPairs, ByAnotherPolicyARowWithNulIsRejected) {
  const fs::path source = real(directory_.path());
  Mapping strict = mapping_under_test();
  strict.nul_in_text = NulPolicy::reject;
  RunOptions options;
  options.from = source.string();
  options.to = new_database();
  options.state_directory = path("state");
  for (const bool dry_run : {true, false}) {
    options.dry_run = dry_run;
    const RunReport report = migrate(strict, options);
    EXPECT_EQ(report.status, ExitStatus::differences);
    ASSERT_EQ(report.rejected.size(), 1U) << describe(report);
    EXPECT_EQ(report.rejected[0].entity, "user");
    EXPECT_EQ(report.rejected[0].column, "name");
  }
  EXPECT_EQ(sql(database_, "SELECT count(*) FROM \"user\""), "5");
}

TEST_F(AllPairs, OpenWebuiReadsThePostgresqlThatCameFromSqlite) {
  const fs::path source = real(directory_.path());
  move(source.string(), new_database());
  const std::string dump = path("sqlite.json");
  {
    // What PostgreSQL cannot show, shown in its way, so that the answers can be compared.
    SqliteFile file(source);
    for (const Row& person : file.rows("SELECT id, name FROM user WHERE instr(CAST(name AS BLOB), x'00') > 0")) {
      std::string name = person[1].bytes;
      for (std::size_t at; (at = name.find('\0')) != std::string::npos;) name.replace(at, 1, "\uFFFD");
      file.run("UPDATE user SET name = ? WHERE id = ?", {name, person[0]});
    }
    file.execute("UPDATE file SET data = replace(data, '\\u0000', '\\ufffd')");
    for (const Row& orphan : file.rows("SELECT \"table\", rowid FROM pragma_foreign_key_check")) {
      file.run("DELETE FROM " + identifier(orphan[0].bytes) + " WHERE rowid = ?", {orphan[1]});
    }
  }
  const ProcessResult before = read_with_openwebui(source, {"--dump", dump, "--any-order"});
  ASSERT_EQ(before.status, 0) << before.describe();
  const ProcessResult after = read_with_openwebui(
      shared_cluster(), database_,
      {"--expect", dump, "--any-order", "--except", "search_text", "--check-schema", "--sign-in", "admin@example.com",
       "correct horse battery staple"});
  EXPECT_EQ(after.status, 0) << after.describe();
}

class AllPairsWithServer : public AllPairs, public testing::WithParamInterface<bool> {
 protected:
  std::unique_ptr<PocketBaseServer> new_server(const std::string& name) {
    PocketBaseOptions options;
    if (GetParam()) options.hooks = source_directory() / "generated" / "openwebui-pocketbase" / "pb_hooks";
    return std::make_unique<PocketBaseServer>(directory_ / name, options);
  }
};

TEST_P(AllPairsWithServer, SqliteComesBackAndPeopleSignIn) {
  const fs::path source = hard(directory_.path());
  const auto server = new_server("server");
  move(source.string(), server->url());
  EXPECT_EQ(written(move(source.string(), server->url())), 0U) << "a second run writes nothing";
  RestClient bob = server->client();
  EXPECT_EQ(bob.sign_in("users", "bob@example.com", "correct horse battery staple").at("email"), "bob@example.com");
  move(server->url(), path("returned.db"));
  EXPECT_EQ(differences(source, path("returned.db")), "");
}

TEST_P(AllPairsWithServer, PostgresqlComesBack) {
  const std::string original = real_postgresql();
  const auto server = new_server("server");
  move(shared_cluster().url(original), server->url());
  move(server->url(), new_database());
  EXPECT_EQ(contents(original), contents(database_, "twoway_residue"));
}

TEST_P(AllPairsWithServer, ADirectoryGoesToAServerAndBack) {
  const fs::path source = real(directory_.path());
  move(source.string(), path("pb_data"));
  const auto server = new_server("server");
  move(path("pb_data"), server->url());
  move(server->url(), path("pb_back"));
  move(path("pb_back"), path("returned.db"));
  EXPECT_EQ(differences(source, path("returned.db")), "");
}

INSTANTIATE_TEST_SUITE_P(HookAndNone, AllPairsWithServer, testing::Values(true, false),
                         [](const auto& chosen) { return std::string(chosen.param ? "Hook" : "NoHook"); });

}  // namespace
}  // namespace twoway::test
