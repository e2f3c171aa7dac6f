// For every pair of stores: rows that the target refuses stop nothing, are written down, and go over by `retry`; and
// no command tells a secret or what people wrote.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "tests/end_to_end/journey.h"
#include "tests/end_to_end/planted.h"
#include "tests/end_to_end/postgresql_journey.h"
#include "tests/support/places.h"
#include "tests/support/pocketbase_server.h"
#include "tests/support/process.h"
#include "tests/support/sqlite_file.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

enum class Target { sqlite, postgresql, directory, hook, console };

std::string name_of(Target target) {
  constexpr const char* names[] = {"Sqlite", "Postgresql", "Directory", "ServerWithHook", "ServerWithout"};
  return names[static_cast<int>(target)];
}

class Rejected : public testing::TestWithParam<Target> {
 protected:
  struct Store {
    std::string name;  ///< as it stands on the command line
    bool sql = false;
    bool remote = false;
    std::string database;  ///< of PostgreSQL
    fs::path file;         ///< where its triggers go
  };

  static void SetUpTestSuite() {
    ASSERT_EQ(setenv("POCKETBASE_SUPERUSER_EMAIL", PocketBaseServer::superuser_email, 1), 0);
    ASSERT_EQ(setenv("POCKETBASE_SUPERUSER_PASSWORD", PocketBaseServer::superuser_password, 1), 0);
    ASSERT_EQ(setenv("PGPASSWORD", "a-password-of-the-environment-3605", 1), 0);
  }

  ProcessResult twoway(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), program("twoway").string());
    ProcessOptions options;
    options.working_directory = directory_.path();
    options.environment = {{"POCKETBASE", pocketbase_program().string()}};
    const ProcessResult result = test::run(arguments, options);
    said_ += result.output + result.errors;
    return result;
  }

  Store server(const std::string& name, bool hook) {
    PocketBaseOptions options;
    if (hook) options.hooks = source_directory() / "generated" / "openwebui-pocketbase" / "pb_hooks";
    servers_.push_back(std::make_unique<PocketBaseServer>(directory_ / name, options));
    return {servers_.back()->url(), false, true, {}, directory_ / name / "data.db"};
  }
  Store postgresql() {
    const std::string database = shared_cluster().create_database();
    return {shared_cluster().url(database), true, true, database, {}};
  }
  Store file(const std::string& name) { return {name, true, false, {}, directory_ / name}; }
  Store directory(const std::string& name) { return {name, false, false, {}, directory_ / name / "data.db"}; }

  /// A source of each kind with the same rows.
  std::vector<Store> sources() {
    planted(directory_);
    std::vector<Store> stores{file("planted.db"), postgresql(), directory("pb_source"), server("server_source", true)};
    for (std::size_t i = 1; i < stores.size(); ++i) {
      const ProcessResult result =
          twoway({"migrate", "--from", "planted.db", "--to", stores[i].name, "--state", "made"});
      EXPECT_EQ(result.status, 0) << result.describe();
      fs::remove_all(directory_ / "made");
    }
    return stores;
  }
  Store target(std::size_t number) {
    const std::string name = "target" + std::to_string(number);
    switch (GetParam()) {
      case Target::sqlite:
        return file(name + ".db");
      case Target::postgresql:
        return postgresql();
      case Target::directory:
        return directory(name);
      default:
        return server(name, GetParam() == Target::hook);
    }
  }

  static void refuse(const Store& store) {
    if (!store.database.empty()) {
      sql(store.database, refuse_in_postgresql());
    } else {
      SqliteFile(store.file).execute(store.sql ? refuse_in_sqlite() : refuse_in_pocketbase());
    }
  }
  static void take_again(const Store& store) {
    if (!store.database.empty()) {
      sql(store.database, take_again_in_postgresql());
    } else {
      SqliteFile(store.file).execute(take_again_in_sqlite());
    }
  }

  /// Nothing that was said or written holds a secret; only the file of rejected rows holds what people wrote.
  void expect_nothing_told(const std::string& where) {
    std::string everything = said_;
    for (const auto& entry : fs::recursive_directory_iterator(directory_.path())) {
      const std::string path = entry.path().string();
      const bool ours = path.find("state") != std::string::npos || path.ends_with(".prom");
      const bool besides = path.find("/backups/") != std::string::npos || path.ends_with(".jsonl");
      if (entry.is_regular_file() && ours && !besides) everything += read_file(entry.path());
    }
    EXPECT_NE(everything.find("\"receipt\": \"twoway\""), std::string::npos);
    EXPECT_NE(everything.find("CREATE TABLE batch"), std::string::npos) << "the journal";
    EXPECT_NE(everything.find("twoway_exit_status"), std::string::npos);
    std::vector<std::string> secrets = planted_secrets;
    for (const std::string_view password : {PostgresqlCluster::password, std::string_view("s3cret%2Fpass%3Aword%40%25"),
                                            std::string_view(PocketBaseServer::superuser_password),
                                            std::string_view("a-password-of-the-environment-3605")}) {
      secrets.emplace_back(password);
    }
    for (const std::string& secret : secrets) {
      for (const std::string& text : {secret, hexadecimal(secret)}) {
        EXPECT_EQ(everything.find(text), std::string::npos) << where << ": " << secret;
        EXPECT_EQ(rejected_.find(text), std::string::npos) << where << ", rejected rows: " << secret;
      }
    }
    EXPECT_EQ(everything.find(planted_text), std::string::npos)
        << where << ": " << everything.substr(everything.find(planted_text) - 300, 400);
  }

  /// The rejected rows, by entity and key, with what is certain of each.
  std::set<std::pair<std::string, std::string>> rejected_rows(const fs::path& state) {
    std::set<std::pair<std::string, std::string>> rows;
    if (!fs::exists(state / "rejected.jsonl")) return rows;
    struct stat status{};
    EXPECT_EQ(::stat((state / "rejected.jsonl").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    const std::string text = read_file(state / "rejected.jsonl");
    rejected_ += text;
    for (std::size_t begin = 0, end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
      const json::value line = json::parse(text.substr(begin, end - begin));
      EXPECT_FALSE(line.at("reason").as_string().empty());
      const json::object& row = line.at("row").as_object();
      EXPECT_GT(row.size(), 2U);
      const std::string key(line.at("key").as_string());
      if (line.at("entity").as_string() == "user") {
        EXPECT_EQ(row.at("name").as_string(), "tA person");
        EXPECT_EQ(row.at("oauth").as_string(), "*");
      }
      if (line.at("entity").as_string() == "memory") {
        EXPECT_EQ(row.at("content").as_string(), "t" + std::string(planted_text));
      }
      rows.emplace(std::string(line.at("entity").as_string()), key == "openai~2ekeys" ? "openai.keys" : key);
    }
    return rows;
  }

  static std::string hexadecimal(const std::string& text) {
    std::string out;
    for (const char c : text) {
      out += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
      out += "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
    }
    return out;
  }

  void move(const Store& from, const Store& to, const std::string& state);

  TemporaryDirectory directory_{"rejected"};
  std::vector<std::unique_ptr<PocketBaseServer>> servers_;
  std::string said_;
  std::string rejected_;  ///< all that the files of rejected rows held
};

void Rejected::move(const Store& from, const Store& to, const std::string& state) {
  const std::string where = from.name + " -> " + to.name;
  const auto with_stores = [&](std::vector<std::string> arguments) {
    for (const std::string& more : {std::string("--from"), from.name, std::string("--to"), to.name}) {
      arguments.push_back(more);
    }
    return arguments;
  };
  const ProcessResult prepared = twoway({"prepare", to.name});
  ASSERT_EQ(prepared.status, 0) << prepared.describe();
  refuse(to);
  twoway(with_stores({"plan", "--verbose", "--metrics", "plan.prom", "--log-format", "json"}));
  const ProcessResult migrated =
      twoway(with_stores({"migrate", "--json", "--verbose", "--metrics", "migrate.prom", "--state", state}));
  // A copy of tables lets such rows wait beside their table: nothing is lost, so nothing is rejected.
  const bool waits = from.sql && to.sql;
  EXPECT_EQ(migrated.status, waits ? 0 : 1) << where << migrated.describe();
  std::set<std::pair<std::string, std::string>> expected;
  if (!waits) expected.insert(refused_rows.begin(), refused_rows.end());
  EXPECT_EQ(rejected_rows(directory_ / state), expected) << where << migrated.errors;
  twoway({"status", state, "--verbose"});
  EXPECT_EQ(twoway(with_stores({"verify", "--verbose", "--metrics", "verify.prom"})).status, waits ? 0 : 1) << where;

  std::vector<std::string> retry{"retry", state, "--metrics", "retry.prom"};
  if (from.remote) retry.insert(retry.end(), {"--from", from.name});
  if (to.remote) retry.insert(retry.end(), {"--to", to.name});
  const ProcessResult still = twoway(retry);
  EXPECT_EQ(still.status, waits ? 0 : 1) << where << still.describe();
  EXPECT_EQ(rejected_rows(directory_ / state), expected) << where;
  take_again(to);
  const ProcessResult mended = twoway(retry);
  EXPECT_EQ(mended.status, 0) << where << mended.describe();
  EXPECT_NE(mended.output.find("Mended: 5 rows written, 0 unchanged; "), std::string::npos) << mended.output;
  EXPECT_EQ(rejected_rows(directory_ / state).size(), 0U);
  EXPECT_FALSE(fs::exists(fs::symlink_status(directory_ / state / "rejected.jsonl")));
  const ProcessResult whole = twoway(with_stores({"verify"}));
  EXPECT_EQ(whole.status, 0) << where << whole.describe();
  const ProcessResult nothing = twoway(retry);
  EXPECT_EQ(nothing.status, 0) << where << nothing.describe();
  EXPECT_NE(nothing.output.find("Nothing is to be mended"), std::string::npos) << nothing.output;
  twoway({"status", state, "--json"});
  std::vector<std::string> restore{"restore", state};
  if (to.remote) restore.insert(restore.end(), {"--to", to.name});
  const ProcessResult restored = twoway(restore);
  EXPECT_EQ(restored.status, 0) << where << restored.describe();
}

TEST_P(Rejected, RowsAreMendedAndNobodyTells) {
  twoway({"explain"});
  twoway({"explain", "user"});
  const std::vector<Store> from = sources();
  for (std::size_t i = 0; i < from.size(); ++i) {
    const std::string state = "state" + std::to_string(i);
    move(from[i], target(i), state);
    expect_nothing_told(from[i].name + " to " + name_of(GetParam()));
    said_.clear();
  }
}

INSTANTIATE_TEST_SUITE_P(Into, Rejected,
                         testing::Values(Target::sqlite, Target::postgresql, Target::directory, Target::hook,
                                         Target::console),
                         [](const auto& chosen) { return name_of(chosen.param); });

}  // namespace
}  // namespace twoway::test
